/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROC_PARSE_H
#define CRNG_PROC_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status/waiters/waiters.h"

/* Parsers of a task's files; proc(5). All are pure. */

enum { SYSCALL_ARGS = 6 };

struct proc_syscall {
	long number; /* of the task's own ABI */
	uint64_t args[SYSCALL_ARGS];
	uint64_t stack; /* pointer; 0: none, as in a worker of the kernel */
};

/*
 * /proc/PID/task/TID/syscall: "number 0xarg ... 0xsp 0xpc\n" of a task that sleeps in a
 * system call. Returns 0; -EBUSY: it is running; -ENOENT: it sleeps outside of a call;
 * -EINVAL. Kernel: proc_pid_syscall() in fs/proc/base.c, 2.6.27 to 6.19.
 */
int proc_parse_syscall(const char *text, size_t len, struct proc_syscall *out);

struct proc_stat {
	char state;	/* R, S, D ... */
	bool kernel;	/* thread: PF_KTHREAD, include/linux/sched.h, 2.6.27 to 6.19 */
	uint64_t start; /* clock ticks since boot */
	int cpu;	/* on which it ran last */
	int policy;	/* SCHED_OTHER ..., sched(7) */
};

/* /proc/PID/task/TID/stat; the name in it may hold any byte. Returns 0 or -EINVAL. */
int proc_parse_stat(const char *text, size_t len, struct proc_stat *out);

/*
 * /proc/PID/task/TID/sched: the line "se.exec_start : 1234.567890", milliseconds on the
 * clock of the CPU where the task ran last, when its time on that CPU was last accounted
 * for: a task that sleeps has not run since. Writes nanoseconds. Returns 0, or -EINVAL:
 * the line is missing or zero, as after a migration. Kernel: proc_sched_show_task() in
 * kernel/sched/debug.c, 2.6.23 to 6.19; with CONFIG_SCHED_DEBUG up to 6.14.
 */
int proc_parse_sched(const char *text, size_t len, int64_t *ns);

/*
 * /proc/PID/task/TID/wchan is the function that a task sleeps in, stack has all functions
 * that it is in. Is one of them the RNG's, and of which call? "0" (running, no
 * permission, no symbols) is not. Kernel: drivers/char/random.c has
 * wait_for_random_bytes() since 4.13, before that the system calls themselves;
 * try_to_generate_entropy() since 5.4.
 */
bool proc_find_rng(const char *text, size_t len, enum waiter_call *call);

/*
 * /proc/PID/cgroup: the innermost systemd unit (*.service, *.scope ...), else the
 * innermost container's directory (64 hexadecimal digits, lxc.payload.NAME). Writes it
 * escaped, truncated to size, and returns true; false and "" where there is neither.
 */
bool proc_parse_cgroup(const char *text, size_t len, char *out, size_t size);

/* What an epoll descriptor watches, from a line of its fdinfo. */
struct proc_watched {
	int fd; /* its number when it was added; may be another file now */
	uint32_t events;
	uint64_t inode,
		device; /* of the file, the kernel's dev_t; 0: not shown (before 4.13) */
};

/*
 * One line of /proc/PID/fdinfo/FD of an epoll descriptor, "tfd: fd events: hex data: hex
 * pos:dec ino:hex sdev:hex" (Linux 3.8, ino and sdev 4.13). Returns 0, or -EINVAL for any
 * other line.
 */
int proc_parse_epoll(const char *line, size_t len, struct proc_watched *out);

/*
 * A line below "PollList:" of an io_uring descriptor, "  op=6, task_works=0" (Linux 5.2):
 * does an operation that reads, or polls, wait there? linux/io_uring.h.
 */
bool proc_parse_uring(const char *line, size_t len);

/*
 * Is fd in the set that select(2) was given? A set consists of longs of long_bytes each.
 * On big-endian machines the order of its bytes depends on that size, which differs
 * between 32-bit and 64-bit tasks.
 */
bool proc_in_set(const unsigned char *set, size_t fd, size_t long_bytes, bool big_endian);

#endif
