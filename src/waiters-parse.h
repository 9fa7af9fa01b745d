/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WAITERS_PARSE_H
#define CRNG_WAITERS_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "waiters.h"

/* What waiters_collect() reads of a task; proc(5). All parsers are pure. */

enum { SYSCALL_ARGS = 6 };

struct task_syscall {
	long number; /* of the task's own ABI */
	uint64_t args[SYSCALL_ARGS];
};

/*
 * /proc/PID/task/TID/syscall: "number 0xarg ... 0xsp 0xpc\n" of a task that sleeps in a
 * system call. Returns 0; -EBUSY: it is running; -ENOENT: it sleeps outside of a call;
 * -EINVAL. Kernel: proc_pid_syscall() in fs/proc/base.c, 2.6.27 to 6.19.
 */
int task_parse_syscall(const char *text, size_t len, struct task_syscall *out);

struct task_stat {
	char state;	/* R, S, D ... */
	bool kernel;	/* thread: PF_KTHREAD, include/linux/sched.h, 2.6.27 to 6.19 */
	uint64_t start; /* clock ticks since boot */
	int cpu;	/* on which it ran last */
	int policy;	/* SCHED_OTHER ..., sched(7) */
};

/* /proc/PID/task/TID/stat; the name in it may hold any byte. Returns 0 or -EINVAL. */
int task_parse_stat(const char *text, size_t len, struct task_stat *out);

/*
 * /proc/PID/task/TID/wchan, the function that a task sleeps in, or stack, all functions
 * that it is in: is one of them the RNG's, and of which call? "0" (running, no
 * permission, no symbols) is none. Kernel: drivers/char/random.c has
 * wait_for_random_bytes() since 4.13, before that the system calls themselves;
 * try_to_generate_entropy() since 5.4.
 */
bool task_find_rng(const char *text, size_t len, enum waiter_call *call);

/*
 * /proc/PID/cgroup: the innermost systemd unit (*.service, *.scope ...), else the
 * innermost container's directory (64 hexadecimal digits, lxc.payload.NAME). Writes it
 * escaped, cut off at size, and returns true; false and "" where there is neither.
 */
bool task_parse_cgroup(const char *text, size_t len, char *out, size_t size);

/*
 * One line of /proc/PID/fdinfo/FD of an epoll descriptor, "tfd: fd events: hex ..."
 * (Linux 3.8). Returns 0, or -EINVAL for any other line.
 */
int task_parse_epoll(const char *line, size_t len, int *fd, uint32_t *events);

#endif
