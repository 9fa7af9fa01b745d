/* SPDX-License-Identifier: MIT */
/*
 * Removes what must not stay. The name goes first: a file that has just been renamed into
 * its place must not be emptied there.
 */
#include "base/discard.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static bool overwrite(int fd)
{
	static const char zeros[65536];
	struct stat st;
	off_t at = 0;

	if (fstat(fd, &st) != 0)
		return false;
	while (at < st.st_size) {
		off_t left = st.st_size - at;
		size_t n = left < (off_t)sizeof(zeros) ? (size_t)left : sizeof(zeros);
		ssize_t done = pwrite(fd, zeros, n, at);

		if (done <= 0 && errno != EINTR)
			return false;
		at += done > 0 ? done : 0;
	}
	return true;
}

bool discard_bytes(int fd)
{
	return ftruncate(fd, 0) == 0 || overwrite(fd);
}

int discard(int dir, const char *name, int fd, bool *erased)
{
	struct stat st;

	*erased = true;
	if (unlinkat(dir, name, 0) == 0) {
		/* Another process has given it a second name. */
		if (fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink > 0)
			discard_bytes(fd);
		return 0;
	}
	if (errno == ENOENT)
		return 0;

	int error = errno;

	*erased = discard_bytes(fd);
	return -error;
}
