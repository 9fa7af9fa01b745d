/* SPDX-License-Identifier: MIT */
/* status --explain: what an advice rests on, for those who would not just believe it. */
#include "explain.h"

#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "command.h"

bool explain_knows(const char *id)
{
	return strcmp(id, "list") == 0 || advice_rule(id);
}

static void print_id(const struct advice_rule *rule, void *data)
{
	(void)data;
	printf("%-24s %s\n", rule->id, rule->sentence);
}

int explain(const char *id)
{
	const struct advice_rule *rule = advice_rule(id);

	if (!rule)
		advice_each(print_id, NULL);
	else
		printf("%s (%s)\n\n%s\n\n%s\n\n  %s\n", rule->id,
		       advice_severity_name(rule->severity), rule->sentence,
		       rule->explanation, rule->command);
	return STATUS_OK;
}
