/* SPDX-License-Identifier: MIT */
/* The tasks that wait for the RNG, for people. */
#include <inttypes.h>

#include "status/render/human.h"

static void print_waiter(const struct layout *layout, const struct waiter *waiter)
{
	char who[64];

	snprintf(who, sizeof(who), "%d", (int)waiter->pid);
	if (waiter->tid != waiter->pid)
		snprintf(who, sizeof(who), "%d/%d", (int)waiter->pid, (int)waiter->tid);
	layout_row(layout, who,
		   "%s in %s%s for %" PRId64 ".%" PRId64 " s or more%s%s%s%s",
		   waiter->comm[0] ? waiter->comm : "?", waiter_call_name(waiter->call),
		   waiter->pool ? " (blocking pool)" : "", waiter->waited_ns / 1000000000,
		   waiter->waited_ns / 100000000 % 10, waiter->exe[0] ? "; " : "",
		   waiter->exe, waiter->unit[0] ? "; " : "", waiter->unit);
}

void human_waiters(const struct layout *layout, const struct facts *facts)
{
	const struct waiters *waiters = &facts->waiters;

	layout_section(layout, "Waiters");
	if (waiters->unknown)
		layout_row(layout, "unknown", "%s", waiters->unknown);
	else if (!waiters->scanned)
		layout_row(layout, "none", "nothing can wait for an RNG that is ready");
	else if (waiters->count == 0)
		layout_row(layout, "none seen", "%" PRIu64 " tasks looked at",
			   waiters->examined);
	for (size_t i = 0; !waiters->unknown && i < waiters->count; i++)
		print_waiter(layout, &waiters->list[i]);
	if (waiters->hidden > 0)
		layout_row(layout, "hidden",
			   "%" PRIu64 " tasks, whose state could not be seen",
			   waiters->hidden);
	if (waiters->running > 0)
		layout_row(layout, "running", "%" PRIu64 ", and maybe gathering",
			   waiters->running);
	if (waiters->confined && waiters->scanned)
		layout_row(layout, "not visible", "tasks outside of this PID namespace");
	if (waiters->skipped > 0 || waiters->total > waiters->count)
		layout_row(layout, "left out", "%" PRIu64 " processes, %zu waiters",
			   waiters->skipped, waiters->total - waiters->count);
}
