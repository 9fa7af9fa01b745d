/* SPDX-License-Identifier: MIT */
/* Asks a program of the system for what it alone knows, which saves a library. */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/program.h"

/*
 * Reads until the end of the output, at most until the deadline. Returns the length or
 * -errno.
 */
static long read_output(int fd, char *buf, size_t size, int64_t deadline)
{
	size_t len = 0;

	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		struct timespec left;
		int ready = ppoll(
			&pfd, 1, deadline_timespec(deadline_left(deadline), &left), NULL);
		ssize_t n = ready > 0 && len < size ? read(fd, buf + len, size - len)
						    : -1;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready > 0 && len == size)
			return -EFBIG;
		if (n == 0)
			return (long)len;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
}

long child_output(const char *const argv[], int64_t deadline, char *buf, size_t size)
{
	struct program program;
	int rc = program_start(&program, argv, NULL);

	if (rc != 0)
		return rc;

	long len = read_output(program.out, buf, size - 1, deadline);

	if (!program_end(&program, len >= 0) && len >= 0)
		return -ENODATA;
	if (len >= 0)
		buf[len] = '\0';
	return len;
}
