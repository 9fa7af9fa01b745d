/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROC_H
#define CRNG_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One task and its files in the directory /proc, within what one pass may take. */

struct task {
	int proc; /* descriptor of /proc */
	pid_t pid, tid;
	int64_t patience;  /* deadline.h: until then it may be pushed off its CPU */
	int64_t deadline;  /* of the pass */
	int64_t cpu_limit; /* of the pass: nanoseconds of this process's CPU time */
	bool ready; /* the RNG is: a task that waits, waits for the blocking pool */
};

/* Nanoseconds that this process has spent on a CPU. */
int64_t proc_cpu_now(void);

/* Is there time in this pass to look at more? */
bool proc_has_time(const struct task *task);

/* The longest path of a task's file below /proc, NUL included. */
enum { PROC_PATH_MAX = 64 };

/* Writes the path below /proc of the file of that name, such as "stat" or "fd/3". */
void proc_path(const struct task *task, const char *name, char path[PROC_PATH_MAX]);

/*
 * Opens that file for reading, closed on exec, with further flags of open(2). Returns the
 * descriptor, or -1 with errno set.
 */
int proc_open(const struct task *task, const char *name, int flags);

/*
 * Reads at most size - 1 bytes of that file into buf and ends them with NUL. Returns the
 * number of bytes or -errno.
 */
long proc_read(const struct task *task, const char *name, char *buf, size_t size);

/* The same for that file of the calling process. */
long proc_read_own(const struct task *task, const char *name, char *buf, size_t size);

#endif
