/* SPDX-License-Identifier: MIT */
/*
 * What "ready" is worth. From 4.8 to 4.16, and on kernels of distributions that wanted
 * getrandom() to wait less (Ubuntu's 5.4), it is satisfied by "fast init done": 64 bytes
 * of interrupts' times, with no bit credited (CVE-2018-1108). Only the log shows it.
 */
#include <errno.h>

#include "base/io.h"
#include "rng/rng.h"
#include "status/collect/collectors.h"

static const struct timeline_event *fast_init(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].kind == TIMELINE_FAST_INIT)
			return &timeline->events[i];
	return NULL;
}

/* Only the kernel's own numbered records show that none is missing. */
static bool is_complete(const struct timeline *timeline)
{
	return !timeline->unknown && !timeline->not_kmsg && !timeline->wrapped &&
	       timeline->lost == 0;
}

static void judge_weak(struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	struct fact_flag *weak = &facts->weak;

	if (facts->verdict.unknown)
		weak->unknown = facts->verdict.unknown;
	else if (!facts_ready(facts) || facts_have_rewrite(facts) ||
		 timeline_ready(timeline))
		fact_flag(weak, false);
	else if (timeline->unknown)
		weak->unknown = timeline->unknown;
	else if (!is_complete(timeline))
		weak->unknown = "the log is not complete";
	else if (fast_init(timeline))
		fact_flag(weak, true);
	else
		weak->unknown = "the kernel has not logged how it became ready";
}

/* Asked again, as fast init may have been done between the verdict and the log. */
static bool is_still_waiting(int root, const struct facts *facts)
{
	return root == IO_LIVE_ROOT && facts_not_ready(facts) && rng_probe() == -EAGAIN;
}

static void judge_fast_init(int root, struct facts *facts)
{
	struct fact_flag *enough = &facts->fast_init_enough;
	bool logged = fast_init(&facts->timeline) != NULL;

	if (facts_have_rewrite(facts))
		fact_flag(enough, false);
	else if (logged && (fact_yes(&facts->weak) || fact_no(&facts->reseed_ioctl)))
		fact_flag(enough, true);
	else if (logged && is_still_waiting(root, facts))
		fact_flag(enough, false);
	else
		enough->unknown = "nothing tells";
}

void collect_strength(int root, struct facts *facts)
{
	const struct timeline_event *event = fast_init(&facts->timeline);

	judge_weak(facts);
	judge_fast_init(root, facts);
	if (event && fact_yes(&facts->weak) && event->usec >= 0)
		fact_number(&facts->ready_ms, (uint64_t)event->usec / 1000);
}
