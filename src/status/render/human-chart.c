/* SPDX-License-Identifier: MIT */
/* The picture of the boot: an axis with ticks, and below it each mark at its time. */
#include <string.h>

#include "status/render/chart.h"
#include "status/render/human.h"

enum { MARK_GAP = 1 /* column between a mark and its text */ };

/* Characters of the picture: UTF-8, ASCII. */
static const char *const glyphs[][2] = {
	[CHART_PLAIN] = { "◆", "o" },
	[CHART_GOOD] = { "●", "*" },
	[CHART_WARN] = { "■", "!" },
	[CHART_BAD] = { "▲", "^" },
};

static const char *const shades[][2] = {
	[CHART_PLAIN] = { "·", "." },
	[CHART_GOOD] = { "█", "#" },
	[CHART_WARN] = { "░", ":" },
	[CHART_BAD] = { "▒", "%" },
};

enum layout_paint human_paint(enum chart_tone tone)
{
	static const enum layout_paint paints[] = {
		[CHART_PLAIN] = PAINT_NONE,
		[CHART_GOOD] = PAINT_GOOD,
		[CHART_WARN] = PAINT_WARN,
		[CHART_BAD] = PAINT_BAD,
	};

	return paints[tone];
}

static void put(const struct layout *layout, const char *const glyph[2])
{
	fputs(glyph[layout->style->unicode ? 0 : 1], layout->out);
}

static void repeat(const struct layout *layout, const char *const glyph[2], int n)
{
	while (n-- > 0)
		put(layout, glyph);
}

static int cells_of(const struct layout *layout)
{
	return (int)layout->style->columns - 2 * LAYOUT_INDENT;
}

/* The column of a moment, counted from the beginning of the axis. */
static int cell_of(const struct layout *layout, const struct chart *chart, int64_t usec)
{
	return (int)(chart_position(chart, usec) * (cells_of(layout) - 1) + 0.5);
}

/*
 * Each label begins below its tick, as far as the one before it and that of the end leave
 * room, which ends with the axis.
 */
static void print_labels(const struct layout *layout, const struct chart *chart,
			 const int64_t *ticks, size_t count)
{
	char end[48], time[32];
	int at = 0, last;

	chart_time(chart->end, time, sizeof(time));
	snprintf(end, sizeof(end), "%s%s%s", chart->ends_now ? chart->end_name : "",
		 chart->ends_now ? ", " : "", time);
	last = cells_of(layout) - (int)strlen(end);
	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	for (size_t i = 0; i < count; i++) {
		int cell = cell_of(layout, chart, ticks[i]);

		chart_tick(ticks[i], time, sizeof(time));
		if (cell < at + (at > 0) || cell + (int)strlen(time) >= last)
			continue;
		fprintf(layout->out, "%*s%s", cell - at, "", time);
		at = cell + (int)strlen(time);
	}
	fprintf(layout->out, "%*s%s\n", last - at, "", end);
}

static void print_axis(const struct layout *layout, const struct chart *chart)
{
	static const char *const line[2] = { "─", "-" };
	static const char *const tick[2] = { "┬", "+" };
	static const char *const first[2] = { "┌", "+" };
	static const char *const last[2] = { "┐", "+" };
	int64_t ticks[CHART_TICKS_MAX];
	size_t count = chart_ticks(chart, ticks), next = 1;
	int end = cells_of(layout) - 1;

	print_labels(layout, chart, ticks, count);
	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	put(layout, first);
	for (int cell = 1; cell < end; cell++) {
		bool is_tick = next < count &&
			       cell_of(layout, chart, ticks[next]) == cell;

		put(layout, is_tick ? tick : line);
		while (next < count && cell_of(layout, chart, ticks[next]) <= cell)
			next++;
	}
	put(layout, last);
	fputc('\n', layout->out);
}

/* n cells of a phase, with its name in the middle where it fits. */
static void print_phase(const struct layout *layout, const struct chart_phase *phase,
			int n)
{
	int width = (int)strlen(phase->text) + 2;
	int left = (n - width) / 2;

	layout_paint(layout, human_paint(phase->tone));
	if (n < width + 2) {
		repeat(layout, shades[phase->tone], n);
	} else {
		repeat(layout, shades[phase->tone], left);
		fprintf(layout->out, " %s ", phase->text);
		repeat(layout, shades[phase->tone], n - width - left);
	}
	layout_paint(layout, PAINT_NONE);
}

static void print_phases(const struct layout *layout, const struct chart *chart)
{
	int end = cells_of(layout);

	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	for (size_t i = 0; i < chart->phases; i++) {
		int from = cell_of(layout, chart, chart->phase[i].from);
		int to = i + 1 < chart->phases
				 ? cell_of(layout, chart, chart->phase[i + 1].from)
				 : end;

		print_phase(layout, &chart->phase[i], to - from);
	}
	fputc('\n', layout->out);
}

/* The marks of a row, from the column of the first one to that of the last one. */
static void print_marks(const struct layout *layout, const struct chart *chart,
			const struct chart_row *row)
{
	int at = cell_of(layout, chart, row->at[0]);

	layout_paint(layout, human_paint(row->tone));
	for (size_t i = 0; i < row->marks; i++) {
		int cell = cell_of(layout, chart, row->at[i]);

		if (cell < at)
			continue;
		fprintf(layout->out, "%*s", cell - at, "");
		put(layout, glyphs[row->tone]);
		at = cell + 1;
	}
	layout_paint(layout, PAINT_NONE);
}

/* The text stands on the side that has room, or more of it, and may be cut there. */
static void print_event(const struct layout *layout, const struct chart *chart,
			const struct chart_row *row)
{
	int first = cell_of(layout, chart, row->at[0]);
	int last = cell_of(layout, chart, row->at[row->marks - 1]);
	int right = cells_of(layout) - last - 1 - MARK_GAP, left = first - MARK_GAP;
	int room = right > left ? right : left;
	bool is_brief = (int)layout_width(layout, row->text) > room;
	const char *text = is_brief ? row->brief : row->text;
	int width = (int)layout_width(layout, text);
	bool is_right = width <= right || right >= left;

	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	if (is_right) {
		fprintf(layout->out, "%*s", first, "");
		print_marks(layout, chart, row);
		fprintf(layout->out, "%*s", MARK_GAP, "");
		layout_cut(layout, text, (unsigned int)right);
	} else {
		fprintf(layout->out, "%*s", width < left ? left - width : 0, "");
		layout_cut(layout, text, (unsigned int)left);
		fprintf(layout->out, "%*s", MARK_GAP, "");
		print_marks(layout, chart, row);
	}
	fputc('\n', layout->out);
}

/* A bar has two ends, and so two columns at least. */
static int bar_begin(const struct layout *layout, const struct chart *chart, int64_t usec)
{
	int cell = cell_of(layout, chart, usec), last = cells_of(layout) - 2;

	return cell < last ? cell : last;
}

/* From the moment when the task was blocked until now, which is the end of the axis. */
static void print_bar(const struct layout *layout, const struct chart *chart,
		      const struct chart_row *row)
{
	static const char *const line[2] = { "━", "=" };
	static const char *const end[2] = { "┫", "|" };
	static const char *const begin[2] = { "┣", "|" };
	static const char *const earlier[2] = { "╺", "<" };
	int first = bar_begin(layout, chart, row->at[0]), n = cells_of(layout) - first;
	int width = (int)layout_width(layout, row->text);
	bool inside = n >= width + 6;
	int shown = width < first - MARK_GAP ? width : first - MARK_GAP;

	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	if (!inside) {
		fprintf(layout->out, "%*s", first - MARK_GAP - shown, "");
		layout_cut(layout, row->text, (unsigned int)shown);
		fprintf(layout->out, "%*s", MARK_GAP, "");
	} else {
		fprintf(layout->out, "%*s", first, "");
	}
	layout_paint(layout, human_paint(row->tone));
	put(layout, row->open ? earlier : begin);
	repeat(layout, line, inside ? 1 : n - 2);
	if (inside) {
		fputc(' ', layout->out);
		layout_cut(layout, row->text, (unsigned int)width);
		fputc(' ', layout->out);
		repeat(layout, line, n - width - 5);
	}
	put(layout, end);
	layout_paint(layout, PAINT_NONE);
	fputc('\n', layout->out);
}

void human_chart(const struct layout *layout, const struct chart *chart)
{
	print_axis(layout, chart);
	print_phases(layout, chart);
	for (size_t i = 0; i < chart->count; i++)
		(chart->row[i].bar ? print_bar : print_event)(layout, chart,
							      &chart->row[i]);
	if (chart->left_out > 0)
		layout_note(layout, "and %zu more on the timeline: crng status -v",
			    chart->left_out);
}
