/* SPDX-License-Identifier: MIT */
/* Which rules apply. The rules are in the other files of this room, by subject. */
#include "status/advice/advice.h"

#include <stdio.h>
#include <string.h>

#include "status/advice/rules.h"

static const struct advice_rule *const tables[] = {
	advice_sources, advice_trust, advice_seeds, advice_credit, advice_reports,
};

void advice_each(void (*visit)(const struct advice_rule *rule, void *data), void *data)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct advice_rule *rule = tables[i]; rule->id; rule++)
			visit(rule, data);
}

static struct advice_template template_of(const struct advice_rule *rule,
					  const struct facts *facts)
{
	for (const struct advice_choice *row = advice_choices; row->id; row++)
		if (strcmp(row->id, rule->id) == 0)
			return row->choose(facts);
	return rule->action;
}

static void put_action(struct advice *advice, const struct facts *facts)
{
	struct advice_template from = template_of(advice->rule, facts);
	struct advice_action *action = &advice->action;
	const char *mark = strchr(from.text, '@');

	action->kind = from.kind;
	if (mark)
		snprintf(action->text, sizeof(action->text), "%.*s%s%s",
			 (int)(mark - from.text), from.text, advice->about, mark + 1);
	else
		snprintf(action->text, sizeof(action->text), "%s", from.text);
}

struct search {
	const struct facts *facts;
	enum advice_severity severity;
	struct advice *list;
	size_t count;
};

static void visit(const struct advice_rule *rule, void *data)
{
	struct search *search = data;
	struct advice *advice = &search->list[search->count];

	if (rule->severity != search->severity || search->count == ADVICE_MAX)
		return;
	*advice = (struct advice){ .rule = rule };
	if (!rule->condition(search->facts, advice->about))
		return;
	put_action(advice, search->facts);
	search->count++;
}

size_t advice_find(const struct facts *facts, struct advice *list)
{
	struct search search = { .facts = facts, .list = list };

	for (int severity = ADVICE_CRITICAL; severity >= ADVICE_INFO; severity--) {
		search.severity = (enum advice_severity)severity;
		advice_each(visit, &search);
	}
	return search.count;
}

const struct advice_rule *advice_rule(const char *id)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct advice_rule *rule = tables[i]; rule->id; rule++)
			if (strcmp(rule->id, id) == 0)
				return rule;
	return NULL;
}

const char *advice_severity_name(enum advice_severity severity)
{
	static const char *const names[] = {
		[ADVICE_INFO] = "info",
		[ADVICE_WARNING] = "warning",
		[ADVICE_CRITICAL] = "critical",
	};

	return names[severity];
}

const char *advice_action_kind_name(enum advice_action_kind kind)
{
	static const char *const names[] = {
		[ADVICE_SHELL] = "shell",   [ADVICE_KERNEL_ARGUMENT] = "kernel-argument",
		[ADVICE_QEMU] = "qemu",	    [ADVICE_LIBVIRT] = "libvirt",
		[ADVICE_CONFIG] = "config", [ADVICE_TEXT] = "text",
	};

	return names[kind];
}
