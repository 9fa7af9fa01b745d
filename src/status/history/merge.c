/* SPDX-License-Identifier: MIT */
/* Boots that only wtmp remembers. */
#include <string.h>

#include "base/deadline.h"
#include "status/history/boots.h"

/* wtmp's record is made some time after the start, and a clock may be set meanwhile. */
#define SAME_BOOT_USEC (120 * USEC_PER_S)

static bool is_near(int64_t a, int64_t b)
{
	uint64_t apart = a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;

	return apart <= SAME_BOOT_USEC;
}

static bool is_known(const struct history *history, int64_t began)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct history_boot *boot = &history->boot[i];

		if (boot->began == began ||
		    (boot->has_offset &&
		     (is_near(boot->began, began) || is_near(boot->began_late, began))))
			return true;
	}
	return false;
}

/*
 * Before the boots that were later; those of the journal keep their own order. Where
 * there are max boots, the oldest one goes.
 */
static void insert(struct history *history, int64_t began, size_t max)
{
	size_t at = history->count;
	struct history_boot boot = {
		.began = began, .began_late = began, .ready = -1, .seeded = -1, .last = -1
	};

	while (at > 0 && history->boot[at - 1].began > began)
		at--;
	if (history->count < max) {
		memmove(&history->boot[at + 1], &history->boot[at],
			(history->count++ - at) * sizeof(boot));
		history->boot[at] = boot;
	} else if (at > 0) {
		memmove(&history->boot[0], &history->boot[1], (at - 1) * sizeof(boot));
		history->boot[at - 1] = boot;
	}
}

void boots_merge(struct history *history, const uint64_t *times, size_t count, size_t max)
{
	while (count > 0) {
		uint64_t time = times[--count];

		if (time <= INT64_MAX / USEC_PER_S &&
		    !is_known(history, (int64_t)time * USEC_PER_S))
			insert(history, (int64_t)time * USEC_PER_S, max);
	}
}
