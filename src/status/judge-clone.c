/* SPDX-License-Identifier: MIT */
/*
 * Two witnesses: the counter of VMClock, compared with the one that crng recorded, and
 * vmgenid, by which the kernel notices a clone, reseeds and logs that. The silence of
 * vmgenid proves nothing, because a hypervisor may give all clones the same ID.
 */
#include "status/judge-clone.h"

#include "base/deadline.h"

static void conclude(struct facts *facts, bool stale, const char *why)
{
	fact_flag(&facts->cloned_not_reseeded, stale);
	fact_text(&facts->cloned_because, why);
}

static void leave_open(struct facts *facts, const char *why)
{
	facts->cloned_not_reseeded.unknown = why;
	facts->cloned_because.unknown = why;
}

/* The last reseed for a clone that the kernel itself has logged, or NULL. */
static const struct timeline_event *last_fork(const struct timeline *timeline)
{
	const struct timeline_event *last = NULL;

	for (size_t i = 0; timeline->proven && i < timeline->count; i++)
		if (timeline->events[i].kind == TIMELINE_RESEED_VM_FORK)
			last = &timeline->events[i];
	return last;
}

/*
 * The log's clock stops in suspend and so only makes an event look earlier; a clock that
 * was set after the clone makes all events look later, the ones before it as well.
 */
static bool is_after_record(const struct facts *facts, const struct timeline_event *event)
{
	uint64_t when = facts->boot_usec.number + (uint64_t)event->usec;

	return when / USEC_PER_S > facts->vm_recorded_at.number;
}

/* VMClock counts clones since the record. */
static void judge_changed(struct facts *facts)
{
	const struct timeline_event *fork = last_fork(&facts->timeline);

	if (fork && (facts->boot_usec.unknown || facts->vm_recorded_at.unknown))
		leave_open(facts, "it is unknown whether the kernel reseeded the RNG "
				  "before or after crng recorded VMClock's counter");
	else if (fork && fact_yes(&facts->vmgenid) && is_after_record(facts, fork))
		conclude(facts, false,
			 "the kernel reseeded the RNG when the machine was last cloned");
	else if (fact_no(&facts->vmgenid) || timeline_is_complete(&facts->timeline))
		conclude(facts, true,
			 "VMClock has counted a clone since crng recorded its counter");
	else
		leave_open(facts, "VMClock has counted a clone, but the log that would "
				  "show a reseed by the kernel is incomplete");
}

/* VMClock tells nothing. */
static void judge_vmgenid(struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;

	if (last_fork(timeline))
		conclude(facts, false,
			 "the kernel reseeded the RNG when the machine was last cloned");
	else if (fact_is(&facts->virtualization, "none") && !fact_yes(&facts->vmgenid) &&
		 facts->vm_generation.unknown)
		conclude(facts, false, "this is not a virtual machine");
	else if (!fact_yes(&facts->vmgenid))
		leave_open(facts, "nothing here would show it: no vmgenid, and no "
				  "counter of VMClock that crng recorded");
	else if (timeline_is_complete(timeline))
		leave_open(facts, "vmgenid has reported no clone, but a hypervisor that "
				  "keeps its ID would not show one");
	else
		leave_open(facts, timeline->unknown ? timeline->unknown
						    : "the log is incomplete");
}

void judge_clone(struct facts *facts)
{
	const struct fact_number *now = &facts->vm_generation;
	const struct fact_number *recorded = &facts->vm_recorded;

	if (now->unknown || recorded->unknown)
		judge_vmgenid(facts);
	else if (now->number != recorded->number)
		judge_changed(facts);
	else
		conclude(facts, false,
			 "VMClock has counted no clone since crng recorded its counter");
}
