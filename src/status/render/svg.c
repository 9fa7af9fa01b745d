/* SPDX-License-Identifier: MIT */
/*
 * The picture of the boot as one SVG file: no script, no other file, text as text, light
 * or dark as the viewer is. Names in it come from outside.
 */
#include <inttypes.h>
#include <string.h>

#include "status/render/chart.h"
#include "status/render/render.h"
#include "status/render/verdict.h"

enum {
	WIDTH = 1200,
	MARGIN = 24,
	AXIS = WIDTH - 2 * MARGIN,
	TITLE = 36,  /* its baseline */
	TICKS = 72,  /* the labels of the axis */
	PHASES = 82, /* the top of the band */
	BAND = 22,
	ROWS = 130, /* the first baseline */
	STEP = 26,
	MARK = 6,      /* half of its size */
	GAP = 14,      /* between a mark and its text */
	TEXT_MAX = 72, /* characters that half of the axis holds */
};

static const char *const tones[] = {
	[CHART_PLAIN] = "plain",
	[CHART_GOOD] = "good",
	[CHART_WARN] = "warn",
	[CHART_BAD] = "bad",
};

static const char style_sheet[] =
	"<style>\n"
	"svg { --ink: #1f2328; --paper: #ffffff; --line: #8c959f; --plain: #6e7781;\n"
	"  --good: #1a7f37; --warn: #bf8700; --bad: #cf222e }\n"
	"@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --paper: #0d1117;\n"
	"  --line: #6e7681; --plain: #8b949e; --good: #3fb950; --warn: #d29922;\n"
	"  --bad: #ff7b72 } }\n"
	"text { font: 14px ui-monospace, 'DejaVu Sans Mono', Consolas, monospace;\n"
	"  fill: var(--ink) }\n"
	".title { font-size: 18px; font-weight: bold }\n"
	".tick { font-size: 12px; fill: var(--line) }\n"
	".axis { stroke: var(--line); stroke-width: 1 }\n"
	".paper { fill: var(--paper) }\n"
	".plain { fill: var(--plain) } .good { fill: var(--good) }\n"
	".warn { fill: var(--warn) } .bad { fill: var(--bad) }\n"
	".in { fill: var(--paper); text-anchor: middle }\n"
	"</style>\n";

/*
 * XML knows five characters to be quoted and two code points, U+FFFE and U+FFFF, that are
 * not allowed at all; control characters have been escaped before.
 */
static size_t put_character(FILE *out, const char *text)
{
	static const struct {
		const char *from, *to;
	} quoted[] = {
		{ "&", "&amp;" },	 { "<", "&lt;" },  { ">", "&gt;" },
		{ "\"", "&quot;" },	 { "'", "&#39;" }, { "\xef\xbf\xbe", "?" },
		{ "\xef\xbf\xbf", "?" },
	};

	for (size_t i = 0; i < sizeof(quoted) / sizeof(quoted[0]); i++) {
		size_t len = strlen(quoted[i].from);

		if (strncmp(text, quoted[i].from, len) == 0) {
			fputs(quoted[i].to, out);
			return len;
		}
	}
	fputc(*text, out);
	return 1;
}

/* At most that many characters; the text is valid UTF-8. */
static void put_text(FILE *out, const char *text, size_t max)
{
	for (size_t n = 0; *text; n++) {
		if (n == max) {
			fputs("…", out);
			return;
		}
		text += put_character(out, text);
		while (((unsigned char)*text & 0xc0) == 0x80)
			fputc(*text++, out);
	}
}

static double x_of(const struct chart *chart, int64_t usec)
{
	return MARGIN + chart_position(chart, usec) * AXIS;
}

static void put_head(FILE *out, const struct facts *facts, int height)
{
	const struct verdict_state *state = verdict_state(facts);
	char sentence[512], title[640];

	verdict_sentence(facts, sentence, sizeof(sentence));
	snprintf(title, sizeof(title), "%s: %s", state->name, sentence);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title\">\n"
		"<title id=\"title\">",
		WIDTH, height, WIDTH, height);
	put_text(out, title, sizeof(title));
	fprintf(out, "</title>\n%s<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
		style_sheet, WIDTH, height);
	fprintf(out,
		"<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>\n"
		"<text class=\"title\" x=\"%d\" y=\"%d\">",
		tones[state->tone], MARGIN + MARK, TITLE - MARK, MARK, MARGIN + 2 * GAP,
		TITLE);
	put_text(out, title, 2 * TEXT_MAX * 3 / 4);
	fputs("</text>\n", out);
}

static void put_axis(FILE *out, const struct chart *chart, int bottom)
{
	int64_t ticks[CHART_TICKS_MAX];
	size_t count = chart_ticks(chart, ticks);
	char time[32];

	for (size_t i = 0; i < count; i++) {
		double x = x_of(chart, ticks[i]);

		chart_tick(ticks[i], time, sizeof(time));
		fprintf(out,
			"<line class=\"axis\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" "
			"stroke-opacity=\"0.4\"/>\n",
			x, TICKS + 4, x, bottom);
		/* The end has a label of its own. */
		if (x < MARGIN + AXIS * 0.88)
			fprintf(out,
				"<text class=\"tick\" x=\"%.1f\" y=\"%d\">%s</text>\n",
				x + 2, TICKS, time);
	}
	chart_time(chart->end, time, sizeof(time));
	fprintf(out,
		"<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s%s%s"
		"</text>\n",
		MARGIN + AXIS, TICKS, chart->ends_now ? chart->end_name : "",
		chart->ends_now ? ", " : "", time);
	if (chart->first)
		fprintf(out,
			"<text class=\"tick\" x=\"%d\" y=\"%d\">logarithmic axis</text>\n",
			MARGIN, TICKS - 18);
}

static void put_phases(FILE *out, const struct chart *chart)
{
	for (size_t i = 0; i < chart->phases; i++) {
		const struct chart_phase *phase = &chart->phase[i];
		double from = x_of(chart, phase->from);
		double to = i + 1 < chart->phases ? x_of(chart, chart->phase[i + 1].from)
						  : MARGIN + AXIS;

		fprintf(out,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
			"height=\"%d\"/>\n",
			tones[phase->tone], from, PHASES, to - from, BAND);
		if (to - from > 9.0 * (double)(strlen(phase->text) + 2))
			fprintf(out, "<text class=\"in\" x=\"%.1f\" y=\"%d\">%s</text>\n",
				(from + to) / 2, PHASES + 16, phase->text);
	}
}

static void put_marks(FILE *out, const struct chart *chart, const struct chart_row *row,
		      int y)
{
	for (size_t i = 0; i < row->marks; i++) {
		double x = x_of(chart, row->at[i]);

		if (row->tone == CHART_WARN)
			fprintf(out,
				"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%d\" "
				"height=\"%d\"/>\n",
				tones[row->tone], x - MARK + 1, y - 2 * MARK + 1,
				2 * MARK - 2, 2 * MARK - 2);
		else if (row->tone == CHART_GOOD || row->tone == CHART_PLAIN)
			fprintf(out,
				"<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"%d\"/>\n",
				tones[row->tone], x, y - MARK + 1, MARK - 1);
		else
			fprintf(out, "<path class=\"%s\" d=\"M%.1f %d l%d %d h%d z\"/>\n",
				tones[row->tone], x, y - 2 * MARK, MARK, 2 * MARK,
				-2 * MARK);
	}
}

static void put_bar(FILE *out, const struct chart *chart, const struct chart_row *row,
		    int y)
{
	double from = x_of(chart, row->at[0]);

	fprintf(out,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
		"rx=\"2\"/>\n",
		tones[row->tone], from - 1, y - 2 * MARK, MARGIN + AXIS - from + 1,
		2 * MARK + 2);
}

/* The text stands where there is more room. */
static void put_row(FILE *out, const struct chart *chart, const struct chart_row *row,
		    int y)
{
	double first = x_of(chart, row->at[0]);
	double last = row->bar ? MARGIN + AXIS : x_of(chart, row->at[row->marks - 1]);
	bool right = MARGIN + AXIS - last > first - MARGIN;
	bool inside = row->bar && MARGIN + AXIS - first > first - MARGIN;

	if (row->bar)
		put_bar(out, chart, row, y);
	else
		put_marks(out, chart, row, y);
	if (inside)
		fprintf(out, "<text class=\"in\" x=\"%.1f\" y=\"%d\">",
			(first + MARGIN + AXIS) / 2, y);
	else if (right)
		fprintf(out, "<text x=\"%.1f\" y=\"%d\">", last + GAP, y);
	else
		fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"end\">",
			first - GAP, y);
	put_text(out, strlen(row->text) > TEXT_MAX ? row->brief : row->text, TEXT_MAX);
	fputs("</text>\n", out);
}

void render_svg(const struct facts *facts, const struct render_style *style, FILE *out)
{
	static struct chart chart;
	bool drawn = chart_draw(&chart, facts, CHART_ROWS_MAX);
	int y = ROWS, bottom = ROWS + (int)chart.count * STEP;

	(void)style;
	put_head(out, facts, drawn ? bottom + MARGIN / 2 : TICKS);
	if (drawn) {
		put_axis(out, &chart, bottom - STEP / 2);
		put_phases(out, &chart);
	}
	for (size_t i = 0; drawn && i < chart.count; i++, y += STEP)
		put_row(out, &chart, &chart.row[i], y);
	fputs("</svg>\n", out);
}
