/* SPDX-License-Identifier: MIT */
/* The events, one line each, with their marks on the timeline. */
#include <inttypes.h>
#include <string.h>

#include "status/render/human.h"

enum { EVENTS_MAX = 16 };

/* What people see of a kind of event. */
static const struct event_style {
	char mark; /* on the timeline; ' ': none */
	const char *text;
} kinds[TIMELINE_KINDS] = {
	[TIMELINE_URANDOM_EARLY] = { 'e', "reads /dev/urandom early" },
	[TIMELINE_KERNEL_EARLY] = { 'k', "(kernel) reads early" },
	[TIMELINE_SUPPRESSED] = { ' ', "more early reads not logged" },
	[TIMELINE_FAST_INIT] = { 'f', "fast init done" },
	[TIMELINE_READY] = { 'R', "ready" },
	[TIMELINE_READY_TRUSTED] = { 'R', "ready, as the CPU is trusted" },
	[TIMELINE_POOL_READY] = { 'R', "ready (nonblocking pool)" },
	[TIMELINE_RESEED_RESUME] = { 's', "reseeded after a suspend" },
	[TIMELINE_RESEED_VM_FORK] = { 'v', "reseeded: the machine was cloned" },
	[TIMELINE_NO_CYCLE_COUNTER] = { '!', "no cycle counter: jitter is out" },
	[TIMELINE_CPU_UNRELIABLE] = { '!', "the CPU's instruction failed its test" },
	[TIMELINE_HWRNG_NO_DATA] = { '!', "hw_random gave no data" },
	[TIMELINE_EFI_SEED] = { 'b', "EFI gave a seed" },
};

char human_event_mark(enum timeline_kind kind)
{
	return kinds[kind].mark;
}

/* What fast init means for getrandom(), if that is known. */
static const char *fast_init_means(const struct facts *facts)
{
	const struct fact_flag *enough = &facts->fast_init_enough;

	return fact_yes(enough)	 ? ": getrandom() does not wait any longer"
	       : fact_no(enough) ? " (not ready yet)"
				 : "";
}

static void print_event(const struct layout *layout, const struct facts *facts,
			const struct timeline_event *event)
{
	char detail[64] = "", when[32];

	if (event->kind == TIMELINE_FAST_INIT)
		snprintf(detail, sizeof(detail), "%s", fast_init_means(facts));
	if (event->kind == TIMELINE_URANDOM_EARLY && event->bytes > 0)
		snprintf(detail, sizeof(detail), ", %" PRIu64 " bytes", event->bytes);
	if (event->kind == TIMELINE_SUPPRESSED)
		snprintf(detail, sizeof(detail), ": %" PRIu64, event->missed);
	snprintf(when, sizeof(when), "%8" PRId64 ".%06d %c", event->usec / 1000000,
		 (int)(event->usec % 1000000), kinds[event->kind].mark);
	fprintf(layout->out, "%*s%s  ", LAYOUT_INDENT, "", when);

	char text[256];
	unsigned int at = (unsigned int)strlen(when) + LAYOUT_INDENT + 2;

	snprintf(text, sizeof(text), "%s%s%s%s", event->who, event->who[0] ? " " : "",
		 kinds[event->kind].text, detail);
	layout_text(layout, at, at, text);
}

/* The first and the last ones; readiness always, because people look for it. */
void human_events(const struct layout *layout, const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	const struct timeline_event *ready = timeline_ready(timeline);
	size_t shown = 0;

	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *event = &timeline->events[i];
		bool late = timeline->count - i <= EVENTS_MAX / 2;

		if (shown >= EVENTS_MAX / 2 && !late && event != ready &&
		    event->kind != TIMELINE_FAST_INIT)
			continue;
		print_event(layout, facts, event);
		shown++;
	}
	if (shown < timeline->count)
		fprintf(layout->out, "%*s%zu more events are in --json\n", LAYOUT_INDENT,
			"", timeline->count - shown);
}
