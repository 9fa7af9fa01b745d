/* SPDX-License-Identifier: MIT */
/* The state of the RNG in words: a name, and a sentence about how it came about. */
#include "status/render/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "status/render/chart.h"

static const struct verdict_state ready = { "Ready", "●", "*", CHART_GOOD };
static const struct verdict_state weak = { "Weakly ready", "▲", "!", CHART_BAD };
static const struct verdict_state early = { "Not ready (early)", "○", "o", CHART_WARN };
static const struct verdict_state waiting = { "Not ready", "○", "o", CHART_WARN };
static const struct verdict_state tree = { "Captured machine", "?", "?", CHART_WARN };
static const struct verdict_state was_ready = { "Captured machine", "●", "*",
						CHART_GOOD };
static const struct verdict_state past = { "Earlier boot", "○", "o", CHART_WARN };
static const struct verdict_state was_past = { "Earlier boot", "●", "*", CHART_GOOD };
static const struct verdict_state running = { "This boot", "○", "o", CHART_WARN };
static const struct verdict_state is_running = { "This boot", "●", "*", CHART_GOOD };
static const struct verdict_state unknown = { "Undetermined", "?", "?", CHART_WARN };

/* Where only the journal was asked. */
static const struct verdict_state *logged_state(const struct facts *facts)
{
	if (fact_yes(&facts->log_of_running))
		return facts->ready_ms.unknown ? &running : &is_running;
	return facts->ready_ms.unknown ? &past : &was_past;
}

const struct verdict_state *verdict_state(const struct facts *facts)
{
	if (!facts->log_end_usec.unknown)
		return logged_state(facts);
	if (fact_yes(&facts->weak))
		return &weak;
	if (facts_ready(facts))
		return &ready;
	if (fact_is(&facts->verdict, "early"))
		return &early;
	if (facts_not_ready(facts))
		return &waiting;
	if (!facts->verdict_errno.unknown)
		return &unknown;
	return facts->ready_ms.unknown ? &tree : &was_ready;
}

static void say_since(const struct facts *facts, char *text, size_t size)
{
	const struct timeline_event *event = timeline_ready(&facts->timeline);
	bool trusted = event && event->kind == TIMELINE_READY_TRUSTED;
	char since[80], time[32];

	chart_time((int64_t)facts->ready_ms.number * 1000, time, sizeof(time));
	if (facts->ready_ms.unknown)
		snprintf(since, sizeof(since), "is ready");
	else if (facts->ready_ms.number == 0)
		snprintf(since, sizeof(since), "has been ready from the start");
	else
		snprintf(since, sizeof(since), "has been ready since %s after boot",
			 time);
	snprintf(text, size, "the kernel RNG %s%s.", since,
		 trusted ? ", seeded by the CPU" : "");
}

static void say_weak(const struct facts *facts, char *text, size_t size)
{
	char time[32];

	chart_time((int64_t)facts->ready_ms.number * 1000, time, sizeof(time));
	snprintf(
		text, size,
		"getrandom() has returned bytes since %s after boot, by fast init alone.",
		time);
}

int64_t verdict_last_unready(const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	int64_t last = 0;

	for (size_t i = 0; i < timeline->count; i++) {
		enum timeline_kind kind = timeline->events[i].kind;

		if (kind == TIMELINE_URANDOM_EARLY || kind == TIMELINE_KERNEL_EARLY ||
		    (kind == TIMELINE_FAST_INIT && fact_no(&facts->fast_init_enough)))
			last = timeline->events[i].usec;
	}
	return last;
}

void verdict_not_ready(const struct history_boot *boot, char *text, size_t size)
{
	char time[32];

	chart_time(boot->last, time, sizeof(time));
	if (boot->running)
		snprintf(text, size, "not ready in its log so far, %s after boot", time);
	else
		snprintf(text, size, "not ready when its log ended, after %s%s",
			 boot->ends ? "" : "at least ", time);
}

/* What the reason lacks is how long the log goes on. */
static void say_logged(const struct facts *facts, char *text, size_t size)
{
	char time[32];

	chart_time((int64_t)facts->log_end_usec.number, time, sizeof(time));
	if (!fact_yes(&facts->log_not_ready))
		snprintf(text, size, "it is unknown when its RNG became ready (%s).",
			 facts->ready_ms.unknown);
	else if (fact_yes(&facts->log_of_running))
		snprintf(text, size,
			 "its log does not show readiness so far, %s after boot.", time);
	else
		snprintf(text, size,
			 "its RNG was not ready when its log ended, after %s%s.",
			 fact_yes(&facts->log_ends) ? "" : "at least ", time);
}

/* Only getrandom() gives a verdict; for a captured tree just its log is quoted. */
static void say_unknown(const struct facts *facts, char *text, size_t size)
{
	int64_t unready = verdict_last_unready(facts);
	char time[32];

	chart_time(facts->ready_ms.unknown ? unready
					   : (int64_t)facts->ready_ms.number * 1000,
		   time, sizeof(time));
	if (!facts->verdict_errno.unknown)
		snprintf(text, size, "%s.", facts->verdict.unknown);
	else if (facts->ready_ms.unknown && unready > 0)
		snprintf(text, size,
			 "its RNG was not ready %s after boot; whether it became ready "
			 "later is unknown (%s).",
			 time, facts->ready_ms.unknown);
	else if (facts->ready_ms.unknown)
		snprintf(text, size, "it is unknown whether its RNG became ready (%s).",
			 facts->ready_ms.unknown);
	else if (facts->ready_ms.number == 0)
		snprintf(text, size,
			 "its log says that the RNG was ready from the start.");
	else
		snprintf(text, size,
			 "its log says that the RNG became ready %s after boot.", time);
}

/* Bits gathered towards readiness, where the pool counts them. */
static void say_not_ready(const struct facts *facts, char *text, size_t size)
{
	char bits[80] = "", uptime[48] = "";

	if (verdict_counts(facts))
		snprintf(bits, sizeof(bits), "%" PRIu64 " of %" PRIu64 " bits gathered",
			 facts->entropy_avail.number, facts->pool_needed.number);
	if (!facts->uptime.unknown)
		chart_uptime((int64_t)facts->uptime.number, uptime, sizeof(uptime));
	snprintf(text, size, "%s%s%s%s.", bits, bits[0] && uptime[0] ? ", " : "", uptime,
		 uptime[0] ? " after boot" : "");
}

bool verdict_counts(const struct facts *facts)
{
	return fact_yes(&facts->pool_counts) && !facts->entropy_avail.unknown &&
	       !facts->pool_needed.unknown && facts->pool_needed.number > 0;
}

void verdict_sentence(const struct facts *facts, char *text, size_t size)
{
	if (facts_not_ready(facts))
		say_not_ready(facts, text, size);
	else if (!facts->log_end_usec.unknown && facts->ready_ms.unknown)
		say_logged(facts, text, size);
	else if (fact_yes(&facts->weak))
		say_weak(facts, text, size);
	else if (facts_ready(facts))
		say_since(facts, text, size);
	else
		say_unknown(facts, text, size);
}
