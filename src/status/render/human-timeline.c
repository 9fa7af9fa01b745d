/* SPDX-License-Identifier: MIT */
/* The boot timeline: its picture, and what is to be known about the log it comes from. */
#include <inttypes.h>
#include <string.h>

#include "status/render/chart.h"
#include "status/render/human.h"

static const char *name_origin(const struct timeline *timeline)
{
	return strcmp(timeline->origin, "journal") == 0 ? "the journal"
							: timeline->origin;
}

static void print_remarks(const struct layout *layout, const struct timeline *timeline)
{
	if (timeline->not_kmsg)
		layout_note(layout, "Taken from %s, not from /dev/kmsg (%s).",
			    name_origin(timeline), timeline->not_kmsg);
	if (!timeline->proven)
		layout_note(layout,
			    "Not proven: any process may have written these lines.");
	if (timeline->wrapped)
		layout_note(layout, "The log no longer reaches back to early boot.");
	if (timeline->lost > 0)
		layout_note(layout, "Log records lost: %" PRIu64 ".", timeline->lost);
	if (timeline->dropped > 0)
		layout_note(layout,
			    "Events not kept, beyond %d of each kind: %" PRIu64 ".",
			    TIMELINE_KEEP, timeline->dropped);
	if (timeline->spoofed > 0)
		layout_note(layout,
			    "Ignored log lines, forged by a process: %" PRIu64 ".",
			    timeline->spoofed);
}

void human_timeline(const struct layout *layout, const struct facts *facts, size_t max)
{
	const struct timeline *timeline = &facts->timeline;
	static struct chart chart;
	bool drawn = chart_draw(&chart, facts, max);

	layout_section(layout, chart.first && drawn ? "Boot timeline (logarithmic axis)"
						    : "Boot timeline");
	if (drawn)
		human_chart(layout, &chart);
	if (timeline->unknown)
		layout_note(layout, "Events are unknown: %s.", timeline->unknown);
	else if (timeline->count == 0)
		layout_note(layout, "The kernel log has no messages about the RNG.");
	if (!timeline->unknown && !layout->terse)
		print_remarks(layout, timeline);
}
