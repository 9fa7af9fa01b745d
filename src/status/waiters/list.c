/* SPDX-License-Identifier: MIT */
/* The list of waiters. It is bounded: in a boot that hangs a whole system may wait. */
#include "status/waiters/list.h"

#include <string.h>

#include "base/deadline.h"

/* Starts of tasks are known in ticks of 10 ms; programs take a while to start. */
#define TICK_NS (50 * NS_PER_MS)
enum { PRECISE = 20 }; /* to one part of so many */

const char *waiter_call_name(enum waiter_call call)
{
	static const char *const names[] = {
		[WAITER_GETRANDOM] = "getrandom",
		[WAITER_READ] = "read",
		[WAITER_POLL] = "poll",
		[WAITER_WCHAN] = "wchan",
	};

	return names[call];
}

struct waiter *waiters_find(struct waiters *waiters, pid_t tid, uint64_t start)
{
	for (size_t i = 0; i < waiters->count; i++) {
		if (waiters->list[i].tid == tid && waiters->list[i].start == start)
			return &waiters->list[i];
	}
	return NULL;
}

void waiters_append(struct waiters *waiters, const struct waiter *waiter)
{
	if (waiters->count < WAITERS_MAX)
		waiters->list[waiters->count++] = *waiter;
	if (waiters->total < waiters->count)
		waiters->total = waiters->count;
}

size_t waiters_pooled(const struct waiters *waiters)
{
	size_t pooled = 0;

	for (size_t i = 0; i < waiters->count; i++)
		pooled += waiters->list[i].pool;
	return pooled;
}

bool waiter_since_is_known(const struct waiter *waiter)
{
	int64_t before = waiter->age_ns - waiter->waited_ns;

	return waiter->age_ns >= 0 && waiter->waited_ns > 0 &&
	       (before <= TICK_NS || before <= waiter->age_ns / PRECISE);
}

bool waiters_complete(const struct waiters *waiters)
{
	if (waiters->unknown)
		return false;
	return !waiters->scanned ||
	       (!waiters->hidepid && !waiters->confined && waiters->hidden == 0 &&
		waiters->running == 0 && waiters->skipped == 0);
}

void waiters_copy(struct waiters *to, const struct waiters *from)
{
	memcpy(to, from,
	       offsetof(struct waiters, list) + from->count * sizeof(from->list[0]));
}
