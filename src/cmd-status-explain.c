/* SPDX-License-Identifier: MIT */
/* status --explain: what a piece of advice is based on, and what to do here. */
#include "cmd-status-explain.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "command.h"
#include "status/advice/advice.h"
#include "status/collect/collect.h"
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

/* What is meant to be pasted is never wrapped. */
static void print_action(const char *title, const struct advice_action *action, FILE *out)
{
	fprintf(out, "%s (%s):\n", title, advice_action_kind_name(action->kind));
	if (action->kind == ADVICE_TEXT)
		render_paragraph(out, INDENT, action->text);
	else
		fprintf(out, "%*s%s\n", INDENT, "", action->text);
}

/* The advice of that rule, or NULL where it does not apply. */
static const struct advice *find(const struct advice_rule *rule,
				 const struct facts *facts)
{
	static struct advice list[ADVICE_MAX];
	size_t count = advice_find(facts, list);

	for (size_t i = 0; i < count; i++)
		if (list[i].rule == rule)
			return &list[i];
	return NULL;
}

static void explain(const struct advice_rule *rule, const struct facts *facts, FILE *out)
{
	const struct advice *here = find(rule, facts);
	struct advice_action example;

	fprintf(out, "%s (%s)\n\n", rule->id, advice_severity_name(rule->severity));
	render_paragraph(out, 0, rule->sentence);
	fprintf(out, "\n%s\n\n", rule->explanation);
	if (here) {
		print_action("Do this here", &here->action, out);
		return;
	}
	for (size_t way = 0; advice_example(rule, way, &example); way++)
		print_action(way == 0 ? "No sign of this here. Elsewhere, for example"
				      : "Or",
			     &example, out);
}

int status_explain(const char *id, const char *tree)
{
	static struct facts facts;
	const struct advice_rule *rule = advice_rule(id);

	if (!rule) {
		advice_each(print_id, io_out());
		return STATUS_OK;
	}

	int rc = collect_facts(tree, COLLECT_FULL, &facts);

	if (rc < 0) {
		message("%s: %s", tree, text_error(-rc));
		return STATUS_FAILURE;
	}
	explain(rule, &facts, io_out());
	return STATUS_OK;
}
