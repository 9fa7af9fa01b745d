/* SPDX-License-Identifier: MIT */
/* The boots as a list for people: a row for each, and what is not known below it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "status/render/human.h"
#include "status/render/verdict.h"

enum { VALUE = 30, ROW_MAX = 1024 };

/* A sentence that is put together from parts. */
struct row {
	size_t len;
	char text[ROW_MAX];
};

static void say(struct row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct row *row, const char *format, ...)
{
	size_t room = sizeof(row->text) - row->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(row->text + row->len, room, format, args);
	va_end(args);
	if (len > 0)
		row->len += (size_t)len < room ? (size_t)len : room - 1;
}

static void say_ready(struct row *row, const struct history_boot *boot)
{
	char time[32];

	chart_time(boot->ready, time, sizeof(time));
	say(row, "ready after %s", time);
	switch (history_cause(boot)) {
	case HISTORY_CPU:
		say(row, ", thanks to the CPU's random number instruction");
		break;
	case HISTORY_SEED:
		say(row, ", probably thanks to a seed (crng seed: %s)",
		    boot->seeded_said);
		break;
	case HISTORY_CAUSE_UNKNOWN:
		say(row, ", source unknown");
		break;
	}
}

static void say_state(struct row *row, const struct history_boot *boot)
{
	const char *why = history_why_unknown(boot);
	char text[80];

	if (boot->ready >= 0) {
		say_ready(row, boot);
	} else if (why) {
		say(row, "unknown when it was ready (%s)", why);
	} else {
		verdict_not_ready(boot, text, sizeof(text));
		say(row, "%s", text);
	}
}

static void say_readers(struct row *row, const struct history_boot *boot)
{
	const char *comma = " (";

	if (boot->early_reads == 0) {
		if (boot->ready >= 0 && !history_is_whole(boot))
			say(row, "; early reads unknown (%s)", history_why_partial(boot));
		return;
	}
	say(row, "; %s%" PRIu64 " early read%s",
	    history_is_whole(boot) ? "" : "at least ", boot->early_reads,
	    boot->early_reads == 1 ? "" : "s");
	for (size_t i = 0; i < boot->readers; i++, comma = ", ")
		say(row, "%s%s %" PRIu64, comma, boot->reader[i].who,
		    boot->reader[i].reads);
	if (boot->unnamed > 0)
		say(row, "%sother %" PRIu64, comma, boot->unnamed);
	say(row, ")");
}

static void say_reseeds(struct row *row, const struct history_boot *boot)
{
	if (boot->reseeds > 0)
		say(row, "; reseeded %" PRIu64 " time%s after a clone", boot->reseeds,
		    boot->reseeds == 1 ? "" : "s");
}

static void print_boot(const struct layout *layout, const struct history_boot *boot)
{
	char offset[16] = "-", began[32] = "unknown";
	time_t seconds = (time_t)(boot->began / USEC_PER_S);
	struct row row = { .len = 0 };
	struct tm tm;

	if (boot->has_offset)
		snprintf(offset, sizeof(offset), "%d", boot->offset);
	else
		snprintf(offset, sizeof(offset), "wtmp");
	if (localtime_r(&seconds, &tm))
		strftime(began, sizeof(began), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(layout->out, "%*s%5s  %-19s  ", LAYOUT_INDENT, "", offset, began);
	say_state(&row, boot);
	say_readers(&row, boot);
	say_reseeds(&row, boot);
	layout_text(layout, VALUE, VALUE, row.text);
}

static void print_remarks(const struct layout *layout, const struct history *history)
{
	if (history->older_unknown)
		layout_note(layout, "Older boots are unknown: %s.",
			    history->older_unknown);
	if (history->gaps)
		layout_note(layout, "The list may be incomplete: %s.", history->gaps);
	if (history->count > 0 && history->boot[history->count - 1].has_offset)
		layout_note(layout, "One of them in full: crng status --boot=OFFSET");
}

void human_boots(const struct history *history, const struct render_style *style,
		 FILE *out)
{
	struct render_style fitted = *style;
	const struct layout layout = { .out = out, .style = &fitted };

	human_fit(&fitted);
	if (history->unknown) {
		fprintf(out, "Boots: unknown\n");
		layout_note(&layout, "%s.", history->unknown);
		return;
	}
	if (history->count == 0) {
		fprintf(out, "Boots: none\n");
		layout_note(&layout, "%s.", history->empty);
		return;
	}
	layout_paint(&layout, PAINT_BOLD);
	fprintf(out, "Boots (local time)");
	layout_paint(&layout, PAINT_NONE);
	fputc('\n', out);
	for (size_t i = 0; i < history->count; i++)
		print_boot(&layout, &history->boot[i]);
	print_remarks(&layout, history);
}
