/* SPDX-License-Identifier: MIT */
/* The boot timeline: a line with a mark for each event. */
#include <inttypes.h>
#include <string.h>

#include "status/render/human.h"

/*
 * The line is to scale until some time after readiness; "now", maybe months later, comes
 * after a gap.
 */
enum {
	SCALE_CELLS = 56,
	LATER = SCALE_CELLS + 4,
	NOW = SCALE_CELLS + 8,
};

struct line {
	char marks[NOW + 1]; /* ASCII; '\0' where nothing happened */
	int64_t end;	     /* of the scale, microseconds */
	bool gap;
};

/* The last moment that the scale must reach. */
static int64_t scale_end(const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	size_t count = timeline->count;
	int64_t end = count > 0 ? timeline->events[count - 1].usec : 0;

	if (!facts->ready_ms.unknown) {
		end = (int64_t)facts->ready_ms.number * 1000;
	} else if (!facts->uptime.unknown) {
		/* The uptime is in whole seconds, so an event may be later. */
		int64_t now = (int64_t)facts->uptime.number * 1000000;

		return now > end ? now : end;
	}
	return end + end / 8;
}

static int cell_of(const struct line *line, int64_t usec)
{
	if (usec > line->end)
		return LATER;
	return line->end > 0 ? (int)(usec * (SCALE_CELLS - 1) / line->end) : 0;
}

/* Of marks in one cell, the one that comes later in this order is shown. */
static int rank(char mark)
{
	const char *at = mark ? strchr("kebsv!fR", mark) : NULL;

	return at ? (int)(at - "kebsv!fR") + 1 : 0;
}

static void draw(struct line *line, const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;

	for (size_t i = 0; i < timeline->count; i++) {
		char mark = human_event_mark(timeline->events[i].kind);
		char *cell = &line->marks[cell_of(line, timeline->events[i].usec)];

		if (mark != ' ' && rank(mark) > rank(*cell))
			*cell = mark;
	}
	line->marks[line->gap ? NOW : SCALE_CELLS] = 'N';
}

static void print_line(const struct layout *layout, const struct line *line)
{
	bool unicode = layout->style->unicode;
	int last = line->gap ? NOW : SCALE_CELLS;

	fprintf(layout->out, "%*s%s", LAYOUT_INDENT, "", unicode ? "├" : "|");
	for (int i = 0; i <= last; i++) {
		bool gap = line->gap && (i == SCALE_CELLS || i == SCALE_CELLS + 1);

		if (line->marks[i])
			fputc(line->marks[i], layout->out);
		else if (gap)
			fputs(unicode ? "╱" : "/", layout->out);
		else
			fputs(unicode ? "─" : "-", layout->out);
	}
	fprintf(layout->out, "%s\n", unicode ? "┤" : "|");
}

static void print_scale(const struct layout *layout, const struct line *line)
{
	char end[32];

	snprintf(end, sizeof(end), "%" PRId64 ".%03d s", line->end / 1000000,
		 (int)(line->end / 1000 % 1000));
	fprintf(layout->out, "%*s0%*s%s\n", LAYOUT_INDENT + 1, "", SCALE_CELLS - 1, end,
		line->gap ? "     now" : "  now");
}

static void print_remarks(const struct layout *layout, const struct timeline *timeline)
{
	if (timeline->not_kmsg)
		layout_row(layout, "taken from", "%s, as /dev/kmsg: %s", timeline->origin,
			   timeline->not_kmsg);
	if (!timeline->proven)
		layout_row(layout, "not proven",
			   "any process may have written these lines");
	if (timeline->wrapped)
		layout_row(layout, "incomplete", "the early boot is lost from the log");
	if (timeline->lost > 0)
		layout_row(layout, "incomplete", "%" PRIu64 " records were lost",
			   timeline->lost);
	if (timeline->dropped > 0)
		layout_row(layout, "not kept", "%" PRIu64 " more, beyond %d of a kind",
			   timeline->dropped, TIMELINE_KEEP);
	if (timeline->spoofed > 0)
		layout_row(layout, "ignored", "%" PRIu64 " lines that a process wrote",
			   timeline->spoofed);
}

void human_timeline(const struct layout *layout, const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	struct line line = { .gap = !facts->ready_ms.unknown, .end = scale_end(facts) };

	layout_section(layout, "Boot");
	if (timeline->unknown) {
		layout_row(layout, "unknown", "%s", timeline->unknown);
		return;
	}
	if (timeline->count == 0)
		layout_row(layout, "none", "the log says nothing of the RNG");
	if (timeline->count > 0) {
		draw(&line, facts);
		print_line(layout, &line);
		print_scale(layout, &line);
		human_events(layout, facts);
	}
	print_remarks(layout, timeline);
}
