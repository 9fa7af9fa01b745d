/* SPDX-License-Identifier: MIT */
/* What to do: each piece of advice, and its action on a line of its own to be pasted. */
#include <string.h>

#include "status/advice/advice.h"
#include "status/render/human.h"

enum { ADVICE_COLUMN = 4 };

static const enum layout_paint paints[] = {
	[ADVICE_INFO] = PAINT_DIM,
	[ADVICE_WARNING] = PAINT_WARN,
	[ADVICE_CRITICAL] = PAINT_BAD,
};

/* Whatever is meant to be pasted is never wrapped. */
static void print_action(const struct layout *layout, const struct advice_action *action)
{
	static const char *const labels[] = {
		[ADVICE_SHELL] = "run",
		[ADVICE_KERNEL_ARGUMENT] = "kernel argument",
		[ADVICE_QEMU] = "QEMU option",
		[ADVICE_LIBVIRT] = "libvirt XML",
		[ADVICE_CONFIG] = "configuration",
		[ADVICE_TEXT] = "to do",
	};
	unsigned int at = ADVICE_COLUMN + (unsigned int)strlen(labels[action->kind]) + 2;

	fprintf(layout->out, "%*s%s: ", ADVICE_COLUMN, "", labels[action->kind]);
	if (action->kind == ADVICE_TEXT) {
		layout_text(layout, at, at, action->text);
		return;
	}
	layout_paint(layout, PAINT_BOLD);
	fputs(action->text, layout->out);
	layout_paint(layout, PAINT_NONE);
	fputc('\n', layout->out);
}

static void print_one(const struct layout *layout, const struct advice *advice)
{
	const struct advice_rule *rule = advice->rule;
	const char *severity = advice_severity_name(rule->severity);
	char text[1024];

	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	layout_paint(layout, paints[rule->severity]);
	fputs(severity, layout->out);
	layout_paint(layout, PAINT_NONE);
	fputs(": ", layout->out);
	snprintf(text, sizeof(text), "%s%s%s%s [%s]", rule->sentence,
		 advice->about[0] ? " (" : "", advice->about, advice->about[0] ? ")" : "",
		 rule->id);
	layout_text(layout, ADVICE_COLUMN,
		    LAYOUT_INDENT + (unsigned int)strlen(severity) + 2, text);
	print_action(layout, &advice->action);
}

/* The most severe come first. */
static size_t find(const struct facts *facts, bool verbose, struct advice *list)
{
	size_t count = advice_find(facts, list);

	while (!verbose && count > 0 && list[count - 1].rule->severity == ADVICE_INFO)
		count--;
	return count;
}

size_t human_advice_count(const struct facts *facts, bool verbose)
{
	struct advice list[ADVICE_MAX];

	return find(facts, verbose, list);
}

void human_advice(const struct layout *layout, const struct facts *facts, size_t max)
{
	struct advice list[ADVICE_MAX];
	size_t count = find(facts, layout->style->verbose, list);

	if (count == 0)
		return;
	layout_section(layout, facts->verdict_errno.unknown ? "What to do on that machine"
							    : "What to do");
	for (size_t i = 0; i < count && i < max; i++)
		print_one(layout, &list[i]);
	if (count > max)
		layout_note(layout, "and %zu more %s: crng status -v", count - max,
			    count - max == 1 ? "warning" : "warnings");
}
