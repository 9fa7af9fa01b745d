/* SPDX-License-Identifier: MIT */
/*
 * Status for people. First what they came for, on one screen: the verdict, the blocked
 * tasks, the boot timeline and what to do. What all that rests on comes with --verbose.
 */
#include "status/render/human.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Tables need some room, and long lines are hard to read. */
enum { COLUMNS_MIN = 72, COLUMNS_MAX = 132 };

/* How much of each list is shown, and whether there is room for remarks. */
struct limits {
	size_t waiters, rows, advice, remarks;
};

/* Where the machine is fine, the verdict says everything. */
static bool is_fine(const struct facts *facts)
{
	return !facts_not_ready(facts) && !fact_yes(&facts->weak) &&
	       !fact_yes(&facts->cloned_not_reseeded) &&
	       !fact_yes(&facts->needs_help) && facts->waiters.total == 0 &&
	       facts->timeline.early_reads == 0 && facts->timeline.spoofed == 0 &&
	       human_advice_count(facts, false) == 0;
}

/* What --verbose has in addition. */
static const char *details_of(const struct facts *facts)
{
	return human_advice_count(facts, true) > human_advice_count(facts, false)
		       ? "More advice and details"
		       : "Details";
}

static void print_short(struct layout *layout, const struct facts *facts,
			const struct limits *limits)
{
	layout->terse = limits->remarks == 0;
	human_verdict(layout, facts);
	human_waiters(layout, facts, limits->waiters);
	if (is_fine(facts)) {
		if (facts->verdict_errno.unknown && !facts->ready_ms.unknown)
			layout_note(layout, "No early reads, no warnings.");
		layout_note(layout, "%s: crng status -v", details_of(facts));
		return;
	}
	human_timeline(layout, facts, limits->rows);
	human_advice(layout, facts, limits->advice);
	fprintf(layout->out,
		"\n%*s%s: crng status -v   Reasons: crng status --explain ID\n",
		LAYOUT_INDENT, "", details_of(facts));
}

static void print_all(const struct layout *layout, const struct facts *facts)
{
	human_verdict(layout, facts);
	human_waiters(layout, facts, SIZE_MAX);
	human_timeline(layout, facts, SIZE_MAX);
	human_advice(layout, facts, SIZE_MAX);
	human_kernel(layout, facts);
	human_sources(layout, facts);
	human_seeds(layout, facts);
	human_environment(layout, facts);
}

/* The rows that the text, which has no colour, takes on a terminal, which wraps it. */
static size_t count_rows(const struct layout *layout, char *text)
{
	size_t rows = 0;

	for (char *line = text; *line; line += strlen(line) + 1) {
		line[strcspn(line, "\n")] = '\0';

		unsigned int width = layout_width(layout, line);

		rows += width > 0 ? (width - 1) / layout->style->columns + 1 : 1;
	}
	return rows;
}

/* The rows of a report within the limits; 0: there is no memory. */
static size_t rows_of(const struct facts *facts, const struct render_style *style,
		      const struct limits *limits)
{
	char *text = NULL;
	size_t size = 0, rows;
	struct render_style plain = *style;
	struct layout layout = { .out = open_memstream(&text, &size), .style = &plain };

	if (!layout.out)
		return 0;
	plain.colour = false;
	print_short(&layout, facts, limits);
	rows = fclose(layout.out) == 0 ? count_rows(&layout, text) : 0;
	free(text);
	return rows;
}

/* The lists are cut an element at a time, in this order, until the report fits. */
static void fit(const struct facts *facts, const struct render_style *style,
		struct limits *limits)
{
	const struct {
		size_t *limit, min;
	} cuts[] = {
		{ &limits->rows, 6 },	 { &limits->advice, 2 }, { &limits->waiters, 4 },
		{ &limits->rows, 4 },	 { &limits->advice, 1 }, { &limits->waiters, 2 },
		{ &limits->remarks, 0 }, { &limits->rows, 2 },	 { &limits->waiters, 1 },
		{ &limits->rows, 1 },	 { &limits->advice, 0 },
	};

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++)
		while (*cuts[i].limit > cuts[i].min &&
		       rows_of(facts, style, limits) > RENDER_ROWS)
			--*cuts[i].limit;
}

void human_fit(struct render_style *style)
{
	if (style->columns < COLUMNS_MIN)
		style->columns = COLUMNS_MIN;
	if (style->columns > COLUMNS_MAX)
		style->columns = COLUMNS_MAX;
}

void render_human(const struct facts *facts, const struct render_style *style, FILE *out)
{
	struct render_style fitted = *style;
	struct layout layout = { .out = out, .style = &fitted };
	struct limits limits = { .waiters = 8, .rows = 12, .advice = 4, .remarks = 1 };

	human_fit(&fitted);
	if (style->verbose) {
		print_all(&layout, facts);
	} else {
		fit(facts, &fitted, &limits);
		print_short(&layout, facts, &limits);
	}
}
