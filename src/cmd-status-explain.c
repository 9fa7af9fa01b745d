/* SPDX-License-Identifier: MIT */
/* status --explain: what a piece of advice is based on, for people who want to know. */
#include "cmd-status-explain.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "command.h"
#include "status/advice/advice.h"
#include "status/render/render.h"

enum { INDENT = 2 };

bool status_explain_knows(const char *id)
{
	return strcmp(id, "list") == 0 || advice_rule(id);
}

static void offer(const struct advice_rule *rule, void *nearest)
{
	text_nearest_offer(nearest, rule->id);
}

const char *status_explain_nearest(const char *id)
{
	struct text_nearest nearest = { .word = id };

	text_nearest_offer(&nearest, "list");
	advice_each(offer, &nearest);
	return nearest.name;
}

static void print_id(const struct advice_rule *rule, void *out)
{
	fprintf(out, "%s\n", rule->id);
	render_paragraph(out, INDENT, rule->sentence);
}

int status_explain(const char *id)
{
	FILE *out = io_out();
	const struct advice_rule *rule = advice_rule(id);

	if (!rule) {
		advice_each(print_id, out);
		return STATUS_OK;
	}
	fprintf(out, "%s (%s)\n\n", rule->id, advice_severity_name(rule->severity));
	render_paragraph(out, 0, rule->sentence);
	fprintf(out, "\n%s\n\n", rule->explanation);
	fprintf(out, "%s:\n", advice_action_kind_name(rule->action.kind));
	if (rule->action.kind == ADVICE_TEXT)
		render_paragraph(out, INDENT, rule->action.text);
	else
		fprintf(out, "%*s%s\n", INDENT, "", rule->action.text);
	return STATUS_OK;
}
