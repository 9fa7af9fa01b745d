/* SPDX-License-Identifier: MIT */
/*
 * Status for people: the verdict in words first, then what it rests on, then what to do.
 */
#include <inttypes.h>

#include "status/advice/advice.h"
#include "status/render/human.h"

enum { VERDICT_MAX = 1024, ADVICE_COLUMN = 4 };

/*
 * Waiting for readiness differs from waiting for the blocking pool of kernels before 5.6.
 */
static void say_number(const struct waiters *waiters, char *text, size_t size)
{
	size_t pooled = waiters_pooled(waiters);
	const char *waits = waiters->total == 1 ? "task waits" : "tasks wait";

	if (waiters->ready || (pooled > 0 && pooled == waiters->count))
		snprintf(text, size, "%zu %s for the blocking pool, not for readiness",
			 waiters->total, waits);
	else if (pooled > 0)
		snprintf(text, size,
			 "%zu %s for it or, %zu of them, for the blocking pool",
			 waiters->total, waits, pooled);
	else
		snprintf(text, size, "%zu %s for it", waiters->total, waits);
}

/* The text says that nothing waits only where nothing can. */
static void say_waiters(const struct waiters *waiters, char *text, size_t size)
{
	if (waiters->unknown)
		snprintf(text, size, "what waits for it is unknown");
	else if (waiters->total > 0)
		say_number(waiters, text, size);
	else if (!waiters->scanned)
		snprintf(text, size, "nothing is waiting for it");
	else if (waiters->running > 0)
		snprintf(text, size,
			 "nothing is seen waiting for it (%" PRIu64
			 " running %s unknown)",
			 waiters->running, waiters->running == 1 ? "task" : "tasks");
	else
		snprintf(text, size, "nothing is seen waiting for it");
}

static void say_ready(const struct facts *facts, char *text, size_t size)
{
	const struct fact_number *ready = &facts->ready_ms;
	char waiters[128];

	say_waiters(&facts->waiters, waiters, sizeof(waiters));
	if (fact_yes(&facts->weak))
		snprintf(text, size,
			 "The kernel RNG is only weakly ready, by its fast init, since "
			 "%" PRIu64 ".%" PRIu64 " s after boot; %s.",
			 ready->number / 1000, ready->number % 1000 / 100, waiters);
	else if (ready->unknown)
		snprintf(text, size, "The kernel RNG is ready; %s.", waiters);
	else
		snprintf(text, size,
			 "The kernel RNG is ready since %" PRIu64 ".%" PRIu64
			 " s after boot; %s.",
			 ready->number / 1000, ready->number % 1000 / 100, waiters);
}

static void say_not_ready(const struct facts *facts, char *text, size_t size)
{
	bool early = fact_is(&facts->verdict, "early");
	char waiters[128], bits[96] = "", uptime[64] = "";

	say_waiters(&facts->waiters, waiters, sizeof(waiters));
	if (fact_yes(&facts->pool_counts) && !facts->entropy_avail.unknown)
		snprintf(bits, sizeof(bits), ": %" PRIu64 " of %" PRIu64 " bits gathered",
			 facts->entropy_avail.number, facts->pool_needed.number);
	if (!facts->uptime.unknown)
		snprintf(uptime, sizeof(uptime), ", %" PRIu64 " s after boot",
			 facts->uptime.number);
	snprintf(text, size, "The kernel RNG is not ready%s%s%s; %s.",
		 early ? " (seeded early, not fully)" : "", bits, uptime, waiters);
}

/* Only getrandom() gives a verdict; for a captured tree just its log is quoted. */
static void say_unknown(const struct facts *facts, char *text, size_t size)
{
	const struct fact_number *ready = &facts->ready_ms;

	if (facts->verdict_errno.unknown && !ready->unknown)
		snprintf(text, size,
			 "Captured tree; by its log the kernel RNG was ready %" PRIu64
			 ".%" PRIu64 " s after boot.",
			 ready->number / 1000, ready->number % 1000 / 100);
	else if (facts->verdict_errno.unknown)
		snprintf(text, size,
			 "Captured tree; its log does not tell if the kernel RNG became "
			 "ready: %s.",
			 ready->unknown);
	else
		snprintf(text, size, "The kernel RNG's state is undetermined: %s.",
			 facts->verdict.unknown);
}

static void print_verdict(const struct layout *layout, const struct facts *facts)
{
	char text[VERDICT_MAX];

	if (facts_ready(facts))
		say_ready(facts, text, sizeof(text));
	else if (facts_not_ready(facts))
		say_not_ready(facts, text, sizeof(text));
	else
		say_unknown(facts, text, sizeof(text));
	layout_paint(layout, fact_yes(&facts->weak)   ? PAINT_WARN
			     : facts_ready(facts)     ? PAINT_GOOD
			     : facts_not_ready(facts) ? PAINT_BAD
						      : PAINT_WARN);
	layout_text(layout, 0, 0, text);
	layout_paint(layout, PAINT_NONE);
}

/* What is meant to be pasted is never wrapped. */
static void print_action(const struct layout *layout, const struct advice_action *action)
{
	const char *kind = advice_action_kind_name(action->kind);

	if (action->kind == ADVICE_TEXT) {
		fprintf(layout->out, "%*s> ", ADVICE_COLUMN, "");
		layout_text(layout, ADVICE_COLUMN + 2, ADVICE_COLUMN + 2, action->text);
	} else {
		fprintf(layout->out, "%*s%s> %s\n", ADVICE_COLUMN, "", kind,
			action->text);
	}
}

static void print_one(const struct layout *layout, const struct advice *advice)
{
	static const enum layout_paint paints[] = {
		[ADVICE_INFO] = PAINT_DIM,
		[ADVICE_WARNING] = PAINT_WARN,
		[ADVICE_CRITICAL] = PAINT_BAD,
	};
	char text[1024];

	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	layout_paint(layout, paints[advice->rule->severity]);
	fprintf(layout->out, "%s", advice_severity_name(advice->rule->severity));
	layout_paint(layout, PAINT_NONE);
	fprintf(layout->out, " [%s]\n%*s", advice->rule->id, ADVICE_COLUMN, "");
	snprintf(text, sizeof(text), "%s%s%s%s", advice->rule->sentence,
		 advice->about[0] ? " (" : "", advice->about,
		 advice->about[0] ? ")" : "");
	layout_text(layout, ADVICE_COLUMN, ADVICE_COLUMN, text);
	print_action(layout, &advice->action);
}

static void print_advice(const struct layout *layout, const struct facts *facts)
{
	struct advice list[ADVICE_MAX];
	size_t count = advice_find(facts, list);

	layout_section(layout, "Advice");
	for (size_t i = 0; i < count; i++)
		print_one(layout, &list[i]);
	if (count == 0)
		fprintf(layout->out, "%*snone\n", LAYOUT_INDENT, "");
	else
		fprintf(layout->out, "%*s'crng status --explain ID' tells more.\n",
			LAYOUT_INDENT, "");
}

void render_human(const struct facts *facts, const struct render_style *style, FILE *out)
{
	struct layout layout = { .out = out, .style = style };

	print_verdict(&layout, facts);
	human_kernel(&layout, facts);
	human_sources(&layout, facts);
	human_seeds(&layout, facts);
	human_waiters(&layout, facts);
	human_environment(&layout, facts);
	human_timeline(&layout, facts);
	print_advice(&layout, facts);
}
