/* SPDX-License-Identifier: MIT */
/* How a fact becomes known; foreign text is made harmless on its way in. */
#include "status/facts.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

const char facts_not_collected[] = "not collected";

enum { SCALARS = offsetof(struct facts, seeds) / sizeof(struct fact) };

void facts_init(struct facts *facts)
{
	struct fact *scalars = &facts->verdict;

	memset(facts, 0, offsetof(struct facts, timeline));
	memset(&facts->timeline, 0, offsetof(struct timeline, events));
	memset(&facts->waiters, 0, offsetof(struct waiters, list));
	for (size_t i = 0; i < SCALARS; i++)
		fact_unknown(&scalars[i], facts_not_collected);
	facts->seeds.unknown = facts_not_collected;
	facts->timeline.unknown = facts_not_collected;
	facts->waiters.unknown = facts_not_collected;
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
	struct fact *scalars = &facts->verdict;

	for (size_t i = 0; i < SCALARS; i++)
		excuse(&scalars[i].unknown, from, why);
	excuse(&facts->seeds.unknown, from, why);
	excuse(&facts->timeline.unknown, from, why);
	excuse(&facts->waiters.unknown, from, why);
}

void fact_number(struct fact *fact, uint64_t number)
{
	fact->unknown = NULL;
	fact->number = number;
}

void fact_text(struct fact *fact, const char *text)
{
	fact->unknown = NULL;
	text_escape(fact->text, sizeof(fact->text), text, strlen(text));
}

void fact_unknown(struct fact *fact, const char *why)
{
	fact->unknown = why;
}

bool fact_yes(const struct fact *fact)
{
	return !fact->unknown && fact->number > 0;
}

bool fact_no(const struct fact *fact)
{
	return !fact->unknown && fact->number == 0;
}

bool fact_is(const struct fact *fact, const char *text)
{
	return !fact->unknown && strcmp(fact->text, text) == 0;
}

bool facts_ready(const struct facts *facts)
{
	return fact_is(&facts->verdict, "ready");
}

bool facts_not_ready(const struct facts *facts)
{
	return fact_is(&facts->verdict, "not ready") || fact_is(&facts->verdict, "early");
}

bool facts_have_rewrite(const struct facts *facts)
{
	enum { POOL_BITS = 256 };

	return !facts->poolsize.unknown && facts->poolsize.number == POOL_BITS;
}

bool facts_have_trust_cpu(const struct facts *facts)
{
	return !fact_is(&facts->config_trust_cpu, "absent") || facts_have_rewrite(facts);
}
