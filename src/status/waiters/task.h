/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TASK_H
#define CRNG_TASK_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "status/waiters/abi.h"
#include "status/waiters/proc-parse.h"
#include "status/waiters/waiters.h"

/* The parts of waiters_collect(): the list, and one task of the directory /proc. */

/*
 * Takes what waits at this moment into the list. The first pass also counts the tasks.
 * proc is the directory /proc.
 */
void waiters_pass(struct waiters *waiters, DIR *proc, bool first);

/* The waiter of that identity; NULL: there is none. */
struct waiter *waiters_find(struct waiters *waiters, pid_t tid, uint64_t start);

/* Appends a copy where there is room. */
void waiters_append(struct waiters *waiters, const struct waiter *waiter);

struct task {
	int proc; /* descriptor of /proc */
	pid_t pid, tid;
	int64_t patience;  /* deadline.h: until then it may be pushed off its CPU */
	int64_t deadline;  /* of the pass */
	int64_t cpu_limit; /* of the pass: nanoseconds of this process's CPU time */
	bool ready;	   /* the RNG is: what waits, waits for the blocking pool */
};

/* Nanoseconds that this process has spent on a CPU. */
int64_t task_cpu_now(void);

/* May more be looked at in this pass? */
bool task_has_time(const struct task *task);

/*
 * Is the task blocked on the RNG at this moment? Returns 1, with call and bytes filled;
 * 0: no, or it is gone; -EACCES: permissions hide it; -EBUSY: it is running, maybe in the
 * jitter loop, and nothing more can be told. Sets pool where it waits for the blocking
 * pool of kernels before 5.6, if there is one.
 */
int task_examine(const struct task *task, struct waiter *out);

/* The same for a task that runs: reads its stack, for which CAP_SYS_ADMIN is needed. */
int task_examine_running(const struct task *task, struct waiter *out);

/* Fills start and age_ns; returns 0 or -errno: it is gone. */
int task_identify(const struct task *task, struct waiter *out);

/* Fills who it is: pid, tid, comm, exe, unit. */
void task_describe(const struct task *task, struct waiter *out);

/* The name of a file of the task below /proc, as long as any can be. */
enum { TASK_PATH_MAX = 64 };

void task_path(const struct task *task, const char *name, char path[TASK_PATH_MAX]);

/* Opens it for reading, closed on exec, with further flags of open(2). Returns the
 * descriptor or -1, with errno set. */
int task_open(const struct task *task, const char *name, int flags);

/* Reads at most size - 1 bytes of it and ends them with NUL. Returns the length or
 * -errno. */
long task_read(const struct task *task, const char *name, char *buf, size_t size);

/*
 * Does the call, in which the task sleeps, wait for /dev/random to be readable, also by
 * way of epoll(7) within epoll? Returns 1; 0; -EACCES: not all of it can be seen, as what
 * an io_uring(7) waits for.
 */
int task_waits_for_device(const struct task *task, enum abi_call call,
			  const struct task_syscall *syscall);

#endif
