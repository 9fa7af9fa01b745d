/* SPDX-License-Identifier: MIT */
/* How a fact becomes known. Text from outside is made harmless here, on its way in. */
#include "status/facts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "status/fields.h"

const char facts_not_collected[] = "not collected";

void facts_init(struct facts *facts)
{
	memset(facts, 0, offsetof(struct facts, timeline));
	memset(&facts->timeline, 0, offsetof(struct timeline, events));
	memset(&facts->waiters, 0, offsetof(struct waiters, list));
	facts_excuse(facts, NULL, facts_not_collected);
}

void facts_copy(struct facts *to, const struct facts *from)
{
	memcpy(to, from, offsetof(struct facts, timeline));
	timeline_copy(&to->timeline, &from->timeline);
	waiters_copy(&to->waiters, &from->waiters);
}

static void excuse(const char **unknown, const char *from, const char *why)
{
	if (*unknown == from)
		*unknown = why;
}

void facts_excuse(struct facts *facts, const char *from, const char *why)
{
	for (size_t i = 0; i < field_count; i++)
		if (field_unknown(&fields[i], facts) == from)
			field_excuse(&fields[i], facts, why);
	excuse(&facts->host_keys.unknown, from, why);
	excuse(&facts->seeds.unknown, from, why);
	excuse(&facts->timeline.unknown, from, why);
	excuse(&facts->waiters.unknown, from, why);
}

void fact_number(struct fact_number *fact, uint64_t number)
{
	fact->unknown = NULL;
	fact->number = number;
}

void fact_flag(struct fact_flag *fact, bool yes)
{
	fact->unknown = NULL;
	fact->yes = yes;
}

void fact_text(struct fact_text *fact, const char *text)
{
	fact->unknown = NULL;
	text_escape(fact->text, sizeof(fact->text), text, strlen(text));
}

void fact_add_word(struct fact_text *fact, const char *word)
{
	char list[FACT_TEXT_MAX + 32];
	bool first = fact->unknown || fact_is(fact, "none");

	snprintf(list, sizeof(list), "%s%s%.30s", first ? "" : fact->text,
		 first ? "" : " ", word);
	fact_text(fact, list);
}

bool fact_yes(const struct fact_flag *fact)
{
	return !fact->unknown && fact->yes;
}

bool fact_no(const struct fact_flag *fact)
{
	return !fact->unknown && !fact->yes;
}

bool fact_is(const struct fact_text *fact, const char *text)
{
	return !fact->unknown && strcmp(fact->text, text) == 0;
}

bool facts_ready(const struct facts *facts)
{
	return fact_is(&facts->verdict, "ready");
}

bool facts_not_ready(const struct facts *facts)
{
	return fact_is(&facts->verdict, "not_ready") || fact_is(&facts->verdict, "early");
}

bool facts_have_rewrite(const struct facts *facts)
{
	return !facts->poolsize.unknown && facts->poolsize.number == FACTS_REWRITE_BITS;
}

bool facts_have_trust_cpu(const struct facts *facts)
{
	return !fact_is(&facts->config_trust_cpu, "absent") || facts_have_rewrite(facts);
}
