/* SPDX-License-Identifier: MIT */
/* Which rules apply. The rules are in the other files of this room, by subject. */
#include "status/advice/advice.h"

#include <string.h>

#include "status/advice/action.h"
#include "status/advice/rules.h"

/* A weak or shared key is worse than a slow boot, so advice on that comes first. */
static const struct advice_rule *const tables[] = {
	advice_clones, advice_reports, advice_sources,
	advice_trust,  advice_seeds,   advice_credit,
};

void advice_each(void (*visit)(const struct advice_rule *rule, void *data), void *data)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (const struct advice_rule *rule = tables[i]; rule->id; rule++)
			visit(rule, data);
}

/* In a captured tree nobody is logged in. */
static const char *root_by(const struct facts *facts)
{
	const struct fact_text *how = &facts->root_by;

	return how->unknown || fact_is(how, "none") ? NULL : how->text;
}

static void put_action(struct advice *advice, const struct facts *facts)
{
	const struct advice_rule *rule = advice->rule;
	size_t way = rule->choose ? rule->choose(facts, advice->about) : 0;

	action_fill(&advice->action, &rule->ways[way], advice->about, root_by(facts));
}

bool advice_example(const struct advice_rule *rule, size_t way,
		    struct advice_action *action)
{
	if (!rule->ways[way].text)
		return false;
	action_fill(action, &rule->ways[way], rule->example ? rule->example : "", NULL);
	return true;
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
