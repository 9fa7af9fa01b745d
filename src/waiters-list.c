/* SPDX-License-Identifier: MIT */
/* The list of waiters, bounded: a boot that hangs may hang a whole system. */
#include <stdlib.h>

#include "waiters-task.h"

enum { LIST_STEP = 32 };

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
	if (waiters->count == WAITERS_MAX) {
		waiters->dropped++;
		return;
	}
	if (waiters->count % LIST_STEP == 0) {
		size_t size = (waiters->count + LIST_STEP) * sizeof(*waiter);
		struct waiter *list = realloc(waiters->list, size);

		if (!list) {
			waiters->dropped++;
			return;
		}
		waiters->list = list;
	}
	waiters->list[waiters->count++] = *waiter;
}

void waiters_free(struct waiters *waiters)
{
	free(waiters->list);
	*waiters = (struct waiters){ .unknown = NULL };
}
