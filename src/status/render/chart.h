/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHART_H
#define CRNG_CHART_H

#include "status/facts.h"

/*
 * The boot as a picture: a time axis, the state of the RNG along it, and rows with what
 * happened. Times are microseconds since boot. Pure: a renderer puts it on paper.
 */

enum {
	CHART_ROWS_MAX = 48,
	CHART_MARKS_MAX = 16,
	CHART_TEXT_MAX = 192,
	CHART_TICKS_MAX = 24,
	CHART_PHASES_MAX = 2
};

enum chart_tone { CHART_PLAIN, CHART_GOOD, CHART_WARN, CHART_BAD };

struct chart_row {
	enum chart_tone tone;
	unsigned int rank; /* rows of a high rank are left out first */
	bool bar;	   /* from at[0] until the end of the axis; else marks */
	bool open;	   /* the bar may begin earlier */
	size_t marks;
	int64_t at[CHART_MARKS_MAX]; /* ascending */
	char text[CHART_TEXT_MAX];   /* with the time; escaped */
	char brief[CHART_TEXT_MAX];  /* the same without details, where room is short */
};

/* What the RNG was, from one moment until the next phase or the end of the axis. */
struct chart_phase {
	enum chart_tone tone;
	int64_t from;
	const char *text;
};

struct chart {
	int64_t end;   /* of the axis, where it begins being 0 */
	int64_t first; /* decade of a logarithmic axis; 0: the axis is linear */
	bool ends_now; /* or when the tree was captured; else after the last event */
	const char *end_name; /* "now", "capture" */
	size_t phases;
	struct chart_phase phase[CHART_PHASES_MAX];
	size_t count;
	size_t left_out;		      /* rows, for want of room */
	struct chart_row row[CHART_ROWS_MAX]; /* in the order of time, bars at the end */
};

/*
 * Draws the facts with at most max rows. Returns false where there is nothing to draw:
 * the RNG is not known to be unready, and neither an event nor a blocked task is known.
 */
bool chart_draw(struct chart *chart, const struct facts *facts, size_t max);

/* Where on the axis a moment is: 0 at its beginning, 1 at its end. */
double chart_position(const struct chart *chart, int64_t usec);

/* Writes the moments of the ticks, in ascending order from 0; returns their number. */
size_t chart_ticks(const struct chart *chart, int64_t ticks[CHART_TICKS_MAX]);

/*
 * Chooses the scale for all rows and an end that is a tick, not before chart->end. Where
 * there are bars, the axis should be linear: on another one they would all look alike.
 */
void chart_scale(struct chart *chart, bool may_be_logarithmic);

/* A time as people read it, rounded down: "0.081 s", "9.98 s", "12.3 s", "754 s". */
void chart_time(int64_t usec, char *text, size_t size);

/* A long time in one unit, rounded down: "93 s", "12 min", "26 h", "14 days". */
void chart_uptime(int64_t seconds, char *text, size_t size);

/* The same as chart_time(), not rounded: "0 s", "0.2 s", "100 s". */
void chart_tick(int64_t usec, char *text, size_t size);

/* How long a task has been blocked: "7.9 s", or "at least 1.2 s". */
void chart_span(const struct waiter *waiter, char *text, size_t size);

#endif
