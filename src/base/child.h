/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHILD_H
#define CRNG_CHILD_H

#include <stddef.h>
#include <stdint.h>

/*
 * Runs a program of the system (argv[0] is its name, searched for in /usr/bin, /bin and
 * /run/current-system/sw/bin) with nothing of the caller's environment, and copies at
 * most size - 1 bytes of its output to buf, ended with NUL. Its standard input and error
 * are /dev/null. At the deadline (deadline.h) it is killed. Returns the length or -errno:
 * -ENOENT: there is no such program; -ETIMEDOUT; -EFBIG: it printed more; -ENODATA: it
 * failed. Reaps the child, except one that even SIGKILL does not end at once.
 */
long child_output(const char *const argv[], int64_t deadline, char *buf, size_t size);

#endif
