/* SPDX-License-Identifier: MIT */
/* status --explain: what an advice rests on, for those who would not just believe it. */
#include "cmd-status-explain.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "command.h"
#include "status/advice/advice.h"
#include "status/render/layout.h"

enum { INDENT = 2 };

bool status_explain_knows(const char *id)
{
	return strcmp(id, "list") == 0 || advice_rule(id);
}

static void print_id(const struct advice_rule *rule, void *data)
{
	const struct layout *layout = data;

	fprintf(layout->out, "%s\n%*s", rule->id, INDENT, "");
	layout_text(layout, INDENT, INDENT, rule->sentence);
}

int status_explain(const char *id)
{
	const struct render_style style = { .colour = false };
	struct layout layout = { .out = io_out(), .style = &style };
	const struct advice_rule *rule = advice_rule(id);

	if (!rule) {
		advice_each(print_id, &layout);
		return STATUS_OK;
	}
	fprintf(layout.out, "%s (%s)\n\n", rule->id,
		advice_severity_name(rule->severity));
	layout_text(&layout, 0, 0, rule->sentence);
	fprintf(layout.out, "\n%s\n\n%*s", rule->explanation, INDENT, "");
	layout_text(&layout, INDENT, INDENT, rule->command);
	return STATUS_OK;
}
