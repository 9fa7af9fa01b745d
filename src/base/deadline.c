/* SPDX-License-Identifier: MIT */
/* All waiting is bounded by points on CLOCK_MONOTONIC, so that no step of time hurts. */
#include "base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>

int64_t deadline_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t deadline_after(int64_t ns)
{
	int64_t at;

	if (ns == DEADLINE_NEVER)
		return DEADLINE_NEVER;
	return __builtin_add_overflow(deadline_now(), ns, &at) ? DEADLINE_NEVER : at;
}

int64_t deadline_left(int64_t deadline)
{
	if (deadline == DEADLINE_NEVER)
		return DEADLINE_NEVER;

	int64_t left = deadline - deadline_now();

	return left > 0 ? left : 0;
}

const struct timespec *deadline_timespec(int64_t ns, struct timespec *ts)
{
	if (ns == DEADLINE_NEVER)
		return NULL;
	ts->tv_sec = (time_t)(ns / NS_PER_S);
	ts->tv_nsec = (long)(ns % NS_PER_S);
	return ts;
}

void deadline_sleep(int64_t ns)
{
	struct timespec ts;

	nanosleep(deadline_timespec(ns, &ts), NULL);
}

int deadline_poll(int fd, int64_t deadline)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec ts;
	int n;

	do {
		n = ppoll(&pfd, 1, deadline_timespec(deadline_left(deadline), &ts), NULL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == 0 ? 0 : pfd.revents;
}

int64_t deadline_cpu(pid_t pid)
{
	struct timespec ts;
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &ts) != 0)
		return DEADLINE_NEVER;
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}
