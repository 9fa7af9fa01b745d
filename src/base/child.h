/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHILD_H
#define CRNG_CHILD_H

#include <stdbool.h>
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

/* The output of a program, line by line. */
struct child_reading {
	const char *const *argv;
	const int *keep;   /* descriptors that the program inherits, ended by -1 */
	int64_t *patience; /* in: nanoseconds that it may cost; out: what is left */
	char *buf;	   /* lines that it cannot hold are skipped */
	size_t size;
	/* Gets a line without its newline. Returns false where it wants no more. */
	bool (*take)(const char *line, size_t len, void *data);
	void *data;
};

/*
 * Runs a program as child_output() does, except that each line is taken as soon as it is
 * there; what comes after the last newline is not a line. Once no more lines are wanted,
 * the program is killed. Patience is used up by the waits for output in which the program
 * sleeps, and by the CPU time of both processes. Returns 0; -ETIMEDOUT once patience is
 * used up; or another -errno of child_output(). The lines before an error have been
 * taken.
 */
int child_lines(const struct child_reading *reading);

#endif
