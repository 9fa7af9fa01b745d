/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WAITERS_H
#define CRNG_WAITERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Tasks (threads) that are blocked until the kernel's RNG is ready or, before Linux 5.6,
 * until the blocking pool of /dev/random has bytes, even if the RNG is ready. proc(5).
 */

/* How long to sample: without CAP_SYS_ADMIN only naps between jitter loops are seen. */
#define WAITERS_SAMPLE_NS INT64_C(1200000000)

enum { WAITERS_MAX = 256 };

enum waiter_call {
	WAITER_GETRANDOM, /* getrandom(2) that may block */
	WAITER_READ,	  /* read(2) of /dev/random */
	WAITER_POLL,  /* poll(2), select(2), epoll_wait(2) on it: triggers no gathering */
	WAITER_WCHAN, /* another call, or one hidden by permissions, is in the RNG */
};

struct waiter {
	pid_t pid, tid;
	char comm[64];	/* of the thread, escaped; "" if not known, as the next two */
	char exe[256];	/* path of the executable, escaped */
	char unit[128]; /* innermost systemd unit or container of its cgroup, escaped */
	enum waiter_call call;
	bool pool;	   /* waits for the blocking pool, and not for readiness */
	uint64_t bytes;	   /* requested; 0: only a barrier, or not known */
	int64_t waited_ns; /* in such calls, one after another: at least; 0: not known */
	int64_t age_ns;	   /* since the thread started: upper bound; -1: not known */
	int64_t since;	   /* CLOCK_MONOTONIC in nanoseconds: it was waiting by then */
	uint64_t start;	   /* clock ticks since boot; with tid its identity */
};

struct waiters {
	const char *unknown; /* NULL, or a static string: why the list is worth nothing */
	bool scanned;	     /* false: no search, as nothing waits for a ready RNG */
	bool ready;	     /* the RNG was: tasks wait only for the blocking pool */
	bool pool;	     /* the kernel is known to have a blocking pool */
	bool confined;	     /* tasks of other PID namespaces are, or may be, invisible */
	bool hidepid;	     /* processes of other users are not even listed */
	uint64_t examined;   /* tasks, in the first pass */
	uint64_t hidden;     /* tasks whose state could not be seen, in the first pass */
	uint64_t running;    /* tasks that ran in that pass, maybe in the jitter loop */
	uint64_t skipped;    /* processes not, or not fully, examined: time ran out */
	size_t total;	     /* the most that waited at once; at least count */
	size_t count;	     /* of waiters in the list */
	struct waiter list[WAITERS_MAX]; /* in the order they were found */
};

/*
 * Finds the waiters of this PID namespace in /proc, except its own process. Takes no time
 * where the RNG is ready and the kernel has one pool (Linux 5.6): nothing can wait. Else
 * makes passes over all tasks for sample_ns, which take about a quarter of that time, or
 * one pass if sample_ns is 0 or there are 10,000 tasks. A pass ends after 0.9 s of CPU
 * time, or after 3 s; it moves the calling thread between CPUs and back. Never fails and
 * needs no privilege: without it, tasks of other users are counted as hidden.
 */
void waiters_collect(struct waiters *waiters, int64_t sample_ns);

/* How many in the list wait for the blocking pool? */
size_t waiters_pooled(const struct waiters *waiters);

/*
 * Could every task that can wait be seen? Even then one may wait in ways that /proc does
 * not show, such as for a signal.
 */
bool waiters_complete(const struct waiters *waiters);

/* Copies everything except the unused part of list[]. */
void waiters_copy(struct waiters *to, const struct waiters *from);

/*
 * Is waited_ns the time that the task has been blocked, and not just a lower bound? It is
 * where the task has done nothing else worth mentioning since it was started.
 */
bool waiter_since_is_known(const struct waiter *waiter);

/* The name of a call as status shows it: "getrandom", "read", "poll", "wchan". */
const char *waiter_call_name(enum waiter_call call);

#endif
