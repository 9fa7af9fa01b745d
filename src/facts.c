/* SPDX-License-Identifier: MIT */
/* How a fact becomes known; foreign text is made harmless on its way in. */
#include "facts.h"

#include <stddef.h>
#include <string.h>

#include "text.h"

void facts_init(struct facts *facts)
{
	struct fact *scalars = &facts->verdict;

	memset(facts, 0, sizeof(*facts));
	for (size_t i = 0; i < offsetof(struct facts, seeds) / sizeof(*scalars); i++)
		fact_unknown(&scalars[i], "not collected");
	facts->seeds.unknown = "not collected";
	facts->timeline.unknown = "not collected";
	facts->waiters.unknown = "not collected";
}

void facts_free(struct facts *facts)
{
	timeline_free(&facts->timeline);
	waiters_free(&facts->waiters);
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

bool facts_have_trust_cpu(const struct facts *facts)
{
	return !fact_is(&facts->config_trust_cpu, "absent") ||
	       fact_yes(&facts->pool_counts);
}
