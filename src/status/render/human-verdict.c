/* SPDX-License-Identifier: MIT */
/* The first lines: the state of the RNG, and whether anything is blocked on it. */
#include <inttypes.h>
#include <string.h>

#include "status/render/human.h"
#include "status/render/verdict.h"

enum { VERDICT_MAX = 1024, PART_MAX = 64, BAR_MIN = 4, BAR_MAX = 20, EIGHTHS = 8 };

static void print_state(const struct layout *layout, const struct verdict_state *state)
{
	layout_paint(layout, human_paint(state->tone));
	fprintf(layout->out, "%s ",
		layout->style->unicode ? state->unicode : state->ascii);
	layout_paint(layout, PAINT_BOLD);
	fputs(state->name, layout->out);
	layout_paint(layout, PAINT_NONE);
}

/* A bar of that many cells. */
static void print_bar(const struct layout *layout, const struct facts *facts,
		      size_t cells)
{
	static const char *const parts[EIGHTHS] = {
		"·", "▏", "▎", "▍", "▌", "▋", "▊", "▉"
	};
	uint64_t bits = facts->entropy_avail.number, needed = facts->pool_needed.number;
	bool unicode = layout->style->unicode;
	uint64_t full = (bits < needed ? bits : needed) * cells * EIGHTHS / needed;

	fputs("  [", layout->out);
	for (size_t i = 0; i < cells; i++, full -= full < EIGHTHS ? full : EIGHTHS)
		fputs(full >= EIGHTHS ? (unicode ? "█" : "#")
		      : unicode	      ? parts[full]
				      : ".",
		      layout->out);
	fputc(']', layout->out);
}

/* "Not ready   7 of 256 bits  [#.........]  +0.9 bits/s   8 s after boot" */
static void print_not_ready(const struct layout *layout, const struct facts *facts,
			    size_t used)
{
	char bits[PART_MAX], rate[PART_MAX] = "", uptime[PART_MAX] = "", time[32];
	size_t cells, columns = layout->style->columns;

	chart_uptime((int64_t)facts->uptime.number, time, sizeof(time));
	if (!facts->uptime.unknown)
		snprintf(uptime, sizeof(uptime), "   %s after boot", time);
	if (verdict_counts(facts)) {
		snprintf(bits, sizeof(bits), "   %" PRIu64 " of %" PRIu64 " bits",
			 facts->entropy_avail.number, facts->pool_needed.number);
		if (!facts->pool_rate.unknown)
			snprintf(rate, sizeof(rate), "   +%" PRIu64 ".%" PRIu64 " bits/s",
				 facts->pool_rate.number / 1000,
				 facts->pool_rate.number % 1000 / 100);
		used += strlen(bits) + strlen(rate) + strlen(uptime) + strlen("  []");
		cells = used + BAR_MIN < columns ? columns - used : BAR_MIN;
		fputs(bits, layout->out);
		print_bar(layout, facts, cells < BAR_MAX ? cells : BAR_MAX);
	}
	fprintf(layout->out, "%s%s\n", rate, uptime);
}

/* The text says that nothing is blocked only where nothing can be. */
static void print_blocked(const struct layout *layout, const struct facts *facts)
{
	const struct waiters *waiters = &facts->waiters;

	if (waiters->unknown && facts->verdict_errno.unknown)
		return;
	if (waiters->unknown)
		layout_note(layout, "Whether anything is blocked on it is unknown: %s.",
			    waiters->unknown);
	else if (waiters->total > 0)
		return;
	else if (facts_ready(facts) && waiters_complete(waiters))
		layout_note(layout,
			    "Nothing is blocked on it, so the RNG is not what your "
			    "boot is waiting for.");
	else if (!waiters->scanned)
		layout_note(layout, "Nothing is blocked on it.");
	else
		layout_note(layout, "No blocked task was seen among %" PRIu64 " tasks.",
			    waiters->examined);
}

void human_verdict(const struct layout *layout, const struct facts *facts)
{
	const struct verdict_state *state = verdict_state(facts);
	size_t used = strlen(state->name) + 2;
	char text[VERDICT_MAX];

	print_state(layout, state);
	if (facts_not_ready(facts)) {
		print_not_ready(layout, facts, used);
	} else {
		verdict_sentence(facts, text, sizeof(text));
		fputs(": ", layout->out);
		layout_text(layout, LAYOUT_INDENT, (unsigned int)used + 2, text);
	}
	print_blocked(layout, facts);
	if (fact_yes(&facts->cloned_not_reseeded))
		layout_note(layout, "This machine was cloned, and its RNG is not known "
				    "to have been reseeded since.");
}
