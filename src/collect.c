/* SPDX-License-Identifier: MIT */
/* Gathers the facts: what all collectors share. */
#include "collect.h"

#include <string.h>

#include "io.h"

static void make_unknown(struct facts *facts)
{
	struct fact *all = (struct fact *)facts;

	for (size_t i = 0; i < sizeof(*facts) / sizeof(*all); i++)
		fact_unknown(&all[i], "not collected");
}

/* One line of a small file of /proc or /sys; returns NULL or why not. */
static const char *read_line(int root, const char *path, char *line, size_t size)
{
	long len = io_read_in(root, path, line, size);

	if (len < 0)
		return strerror((int)-len);
	line[strcspn(line, "\n")] = '\0';
	return NULL;
}

void collect_text(int root, const char *path, struct fact *fact)
{
	char line[FACT_TEXT_MAX];
	const char *why = read_line(root, path, line, sizeof(line));

	if (why)
		fact_unknown(fact, why);
	else
		fact_text(fact, line);
}

void collect_number(int root, const char *path, struct fact *fact)
{
	char line[32];
	const char *why = read_line(root, path, line, sizeof(line));
	uint64_t number = 0;

	if (!why && (line[0] == '\0' || strspn(line, "0123456789") != strlen(line)))
		why = "not a number";
	for (const char *digit = line; !why && *digit; digit++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*digit - '0'), &number))
			why = "number too large";
	if (why)
		fact_unknown(fact, why);
	else
		fact_number(fact, number);
}

void collect_facts(int root, struct facts *facts)
{
	make_unknown(facts);
	collect_kernel(root, facts);
	collect_pool(root, facts);
	collect_sources(root, facts);
	collect_verdict(root, facts);
}
