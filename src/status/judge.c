/* SPDX-License-Identifier: MIT */
/*
 * What the facts mean: those about the kernel (judge-kernel.c) and about clones
 * (judge-clone.c), and what has happened since boot.
 */
#include "status/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "status/judge-clone.h"
#include "status/judge-kernel.h"

enum {
	EARLY_BITS = 128, /* POOL_EARLY_BITS in drivers/char/random.c, 5.19 to 6.19 */
	LATE_MS = 3000,
};

/*
 * A full pool and a CRNG that is not ready contradict each other; that is not called
 * early.
 */
static bool is_early(const struct facts *facts)
{
	return facts_have_rewrite(facts) && !facts->entropy_avail.unknown &&
	       facts->entropy_avail.number >= EARLY_BITS &&
	       facts->entropy_avail.number < facts->poolsize.number;
}

static void judge_verdict(struct facts *facts)
{
	static char why[128];
	const struct fact_number *probe = &facts->probe;

	facts->verdict.unknown = probe->unknown;
	facts->verdict_source.unknown = probe->unknown;
	facts->verdict_errno = *probe;
	if (probe->unknown)
		return;
	fact_text(&facts->verdict_source, "getrandom(NULL, 0, GRND_NONBLOCK)");
	if (probe->number == 0) {
		fact_text(&facts->verdict, "ready");
	} else if (probe->number == EAGAIN) {
		fact_text(&facts->verdict, is_early(facts) ? "early" : "not_ready");
		fact_number(&facts->verdict_errno, 0);
	} else {
		snprintf(why, sizeof(why), "getrandom: %s", strerror((int)probe->number));
		facts->verdict.unknown = why;
	}
}

static void judge_boot_time(struct facts *facts)
{
	facts->boot_time.unknown = facts->boot_usec.unknown;
	facts->boot_time.number = facts->boot_usec.number / USEC_PER_S;
}

static const struct timeline_event *fast_init(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].kind == TIMELINE_FAST_INIT)
			return &timeline->events[i];
	return NULL;
}

static const char *why_not_logged(const struct timeline *timeline)
{
	if (timeline->unknown)
		return timeline->unknown;
	if (timeline->wrapped)
		return "the early part of the log is lost";
	if (timeline->lost > 0)
		return "records of the log were lost while it was read";
	return "the kernel has not logged it";
}

static void set_moment(struct fact_number *ms, const struct timeline_event *event)
{
	if (event && event->usec >= 0)
		fact_number(ms, (uint64_t)event->usec / 1000);
}

/*
 * What "ready" is worth. From 4.8 to 4.16, and on kernels of distributions that wanted
 * getrandom() to wait less (Ubuntu's 5.4), "fast init done" satisfies it: 64 bytes of
 * interrupts' times, with no bit credited (CVE-2018-1108). Only the log shows it.
 */
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
	else if (!timeline_is_complete(timeline))
		weak->unknown = "the log is incomplete";
	else if (fast_init(timeline))
		fact_flag(weak, true);
	else
		weak->unknown = "the kernel has not logged how it became ready";
}

static void judge_fast_init(struct facts *facts)
{
	struct fact_flag *enough = &facts->fast_init_enough;
	bool logged = fast_init(&facts->timeline) != NULL;

	enough->unknown = facts->timeline.unknown;
	if (facts_have_rewrite(facts))
		fact_flag(enough, false);
	else if (logged && (fact_yes(&facts->weak) || fact_no(&facts->reseed_ioctl)))
		fact_flag(enough, true);
	else if (logged && fact_yes(&facts->waits_after_log))
		fact_flag(enough, false);
	else if (!enough->unknown)
		enough->unknown = "the log does not show it";
}

static void judge_log(struct facts *facts)
{
	facts->ready_ms.unknown = why_not_logged(&facts->timeline);
	set_moment(&facts->ready_ms, timeline_ready(&facts->timeline));
	judge_weak(facts);
	judge_fast_init(facts);
	if (fact_yes(&facts->weak))
		set_moment(&facts->ready_ms, fast_init(&facts->timeline));
}

/*
 * A kernel that seeds itself (5.4) needs a daemon only where it has no cycle counter to
 * do so; older kernels have a pool that runs low. rngd also helps with a device that the
 * kernel does not credit (before 6.2), or may not credit.
 */
static bool is_useful(const struct facts *facts, const char *daemon)
{
	const struct fact_number *quality = &facts->hwrng_quality;

	if (!fact_yes(&facts->jitter_seeding) ||
	    timeline_has(&facts->timeline, TIMELINE_NO_CYCLE_COUNTER))
		return true;
	return strcmp(daemon, "rngd") == 0 &&
	       (quality->unknown || quality->number == 0) &&
	       !fact_is(&facts->hwrng_current, "none");
}

/* Takes the next word of a list separated by blanks; returns false at its end. */
static bool next_word(const char **list, char word[FACT_TEXT_MAX])
{
	size_t len = strcspn(*list, " ");

	memcpy(word, *list, len);
	word[len] = '\0';
	*list += len + ((*list)[len] == ' ');
	return len > 0;
}

static void judge_daemons(struct facts *facts)
{
	const char *names = facts->daemons.text, *units = facts->daemon_units.text;
	char name[FACT_TEXT_MAX], unit[FACT_TEXT_MAX];
	bool any = false;

	facts->daemons_useful.unknown = facts->daemons.unknown;
	facts->daemons_useless.unknown = facts->daemons.unknown;
	if (facts->daemons.unknown)
		return;
	fact_text(&facts->daemons_useless, "none");
	facts->daemons_useful.unknown = "no daemon runs";
	if (fact_is(&facts->daemons, "none"))
		return;
	while (next_word(&names, name) && next_word(&units, unit)) {
		bool useful = is_useful(facts, name);

		any |= useful;
		if (!useful && strcmp(unit, "-") != 0)
			fact_add_word(&facts->daemons_useless, unit);
	}
	fact_flag(&facts->daemons_useful, any);
}

/* SSH host keys are made at the first boot, when the RNG may not have been ready. */
static void judge_host_keys(struct facts *facts)
{
	const struct host_keys *keys = &facts->host_keys;
	struct fact_text *early = &facts->early_host_key;
	int64_t boot = (int64_t)facts->boot_time.number, ready = INT64_MAX;

	if (!facts->ready_ms.unknown)
		ready = boot + (int64_t)facts->ready_ms.number / 1000;
	early->unknown = facts->boot_time.unknown;
	if (!early->unknown && facts->ready_ms.unknown && !facts_not_ready(facts))
		early->unknown = facts->ready_ms.unknown;
	if (!early->unknown)
		early->unknown = keys->unknown;
	if (early->unknown)
		return;
	fact_text(early, "none");
	if (keys->more)
		early->unknown = "there are too many SSH host keys to examine";
	for (size_t i = keys->count; i-- > 0;)
		if (keys->list[i].modified >= boot && keys->list[i].modified < ready)
			fact_text(early, keys->list[i].path);
}

/*
 * Does readiness need help? It does if the RNG is not ready or was late, and, where no
 * probe can tell, if a log that goes back to the boot never mentions its readiness. Only
 * a kernel with the RNG of 2022 is known to log that; another one must have logged
 * something else about its RNG.
 */
static void judge_lateness(struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	bool late = facts->verdict.unknown && !timeline->unknown && !timeline->wrapped &&
		    timeline->lost == 0 &&
		    (timeline->count > 0 || facts_have_rewrite(facts));

	if (!facts->ready_ms.unknown)
		late = facts->ready_ms.number > LATE_MS;
	fact_flag(&facts->needs_help, late || facts_not_ready(facts));
}

void judge_facts(struct facts *facts)
{
	judge_kernel(facts);
	judge_verdict(facts);
	judge_boot_time(facts);
	judge_log(facts);
	judge_daemons(facts);
	judge_host_keys(facts);
	judge_lateness(facts);
	judge_clone(facts);
}
