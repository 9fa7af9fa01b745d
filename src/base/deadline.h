/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DEADLINE_H
#define CRNG_DEADLINE_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* Points in time and lengths in nanoseconds of CLOCK_MONOTONIC; this one never comes. */
#define DEADLINE_NEVER INT64_MAX

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_PER_USEC INT64_C(1000)
#define USEC_PER_S INT64_C(1000000)

/* Now, in nanoseconds of CLOCK_MONOTONIC: steps of the wall clock do not count. */
int64_t deadline_now(void);

/* The point ns >= 0 nanoseconds from now; DEADLINE_NEVER where that is out of range. */
int64_t deadline_after(int64_t ns);

/* Nanoseconds left until deadline, 0 when it has passed, DEADLINE_NEVER if it never
 * comes. */
int64_t deadline_left(int64_t deadline);

/* Fills ts with ns and returns it, or NULL for DEADLINE_NEVER: as ppoll(2) takes it. */
const struct timespec *deadline_timespec(int64_t ns, struct timespec *ts);

/*
 * Waits until the descriptor can be read, or its other end is closed. Returns what
 * poll(2) says of it, such as POLLIN; 0 when the deadline has passed; or -errno, never
 * -EINTR.
 */
int deadline_poll(int fd, int64_t deadline);

/* Sleeps for ns >= 0 nanoseconds, not DEADLINE_NEVER, or until a signal is handled. */
void deadline_sleep(int64_t ns);

/*
 * The CPU time that the process pid (0: this one) has used, in nanoseconds, or
 * DEADLINE_NEVER where that cannot be known.
 */
int64_t deadline_cpu(pid_t pid);

#endif
