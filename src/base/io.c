/* SPDX-License-Identifier: MIT */
/* Descriptors and files: what read(2) and write(2) leave to their callers. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FD_MAX_GUESS = 65536 };

/* What has been printed to io_out(). */
static struct {
	FILE *stream;
	char *text;
	size_t size;
} printed;

void io_reserve_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/*
		 * open(2) takes the lowest free number, which is fd. O_PATH needs no
		 * device node.
		 */
		if (open("/", O_PATH | O_CLOEXEC) < 0)
			return;
	}
}

/* For Linux before 5.9. The limit may be lower than a number that is in use. */
static bool close_listed(int first)
{
	DIR *dir = opendir("/proc/self/fd");
	bool procfs = false;

	if (!dir)
		return false;
	for (struct dirent *entry; (entry = readdir(dir));) {
		int fd = atoi(entry->d_name);

		procfs |= fd == dirfd(dir);
		if (fd >= first && fd != dirfd(dir))
			close(fd);
	}
	closedir(dir);
	return procfs;
}

void io_keep_only(int fd)
{
	long most = sysconf(_SC_OPEN_MAX);
	unsigned int first = fd >= 0 ? STDIN_FILENO + 1 : STDIN_FILENO;

	if (fd >= 0 && dup2(fd, STDIN_FILENO) < 0)
		return;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0U, 0U) == 0)
		return;
#endif
	if (close_listed((int)first))
		return;
	for (int i = (int)first; i < most && i < FD_MAX_GUESS; i++)
		close(i);
}

bool io_is_screen(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && term[0] && strcmp(term, "dumb") != 0;
}

static bool wait_writable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	return poll(&pfd, 1, -1) >= 0 || errno == EINTR;
}

void io_screen_size(int fd, unsigned int *rows, unsigned int *columns)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0)
		return;
	if (rows && size.ws_row > 0)
		*rows = size.ws_row;
	if (size.ws_col > 0)
		*columns = size.ws_col;
}

int io_write_full(int fd, const void *buf, size_t n)
{
	const char *at = buf;

	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done > 0 && (size_t)done <= n) {
			at += done;
			n -= (size_t)done;
		} else if (done >= 0) { /* no kernel returns 0, or more than n */
			return -EIO;
		} else if (errno == EAGAIN) {
			if (!wait_writable(fd))
				return -errno;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

FILE *io_out(void)
{
	if (!printed.stream)
		printed.stream = open_memstream(&printed.text, &printed.size);
	return printed.stream ? printed.stream : stdout;
}

int io_flush(void)
{
	int rc = fflush(stdout) == 0 ? 0 : -errno;

	if (!printed.stream)
		return rc;

	bool failed = ferror(printed.stream) != 0;

	if (fclose(printed.stream) != 0 || failed)
		rc = -ENOMEM;
	else if (rc == 0)
		rc = io_write_full(STDOUT_FILENO, printed.text, printed.size);
	free(printed.text);
	printed.stream = NULL;
	return rc;
}

int io_close_stdout(void)
{
	int rc = io_flush();

	/* An error that the file system reports late shows here. */
	if (close(STDOUT_FILENO) != 0 && errno != EBADF && rc == 0)
		rc = -errno;
	return rc;
}
