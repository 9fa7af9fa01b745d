/* SPDX-License-Identifier: MIT */
/* The boot timeline: its picture, and what is to be known about the log it comes from. */
#include <inttypes.h>

#include "status/render/chart.h"
#include "status/render/human.h"

static void print_remarks(const struct layout *layout, const struct timeline *timeline)
{
	if (timeline->not_kmsg)
		layout_note(layout, "Taken from the %s, because /dev/kmsg: %s.",
			    timeline->origin, timeline->not_kmsg);
	if (!timeline->proven)
		layout_note(layout,
			    "Not proven: any process may have written these lines.");
	if (timeline->wrapped)
		layout_note(layout, "The log no longer holds the early boot.");
	if (timeline->lost > 0)
		layout_note(layout, "%" PRIu64 " records of the log were lost.",
			    timeline->lost);
	if (timeline->dropped > 0)
		layout_note(layout,
			    "%" PRIu64
			    " more events, beyond %d of a kind, were not kept.",
			    timeline->dropped, TIMELINE_KEEP);
	if (timeline->spoofed > 0)
		layout_note(layout,
			    "Ignored %" PRIu64 " log lines that a process forged.",
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
