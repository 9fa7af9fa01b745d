/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ADVICE_H
#define CRNG_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "status/facts.h"

enum advice_severity { ADVICE_INFO, ADVICE_WARNING, ADVICE_CRITICAL };

enum { ADVICE_MAX = 40, ADVICE_ABOUT_MAX = FACT_TEXT_MAX, ADVICE_COMMAND_MAX = 512 };

/*
 * A piece of advice and when it applies. Ids never change their meaning. condition only
 * reads the facts; it may write what exactly it found (escaped text, at most
 * ADVICE_ABOUT_MAX bytes) to about, which is empty at first. "@" in command stands for
 * that text.
 */
struct advice_rule {
	const char *id;
	enum advice_severity severity;
	bool (*condition)(const struct facts *facts, char *about);
	const char *sentence;
	const char *command;
	const char *explanation; /* paragraphs, lines of at most 80 columns */
};

/* A rule that applies. */
struct advice {
	const struct advice_rule *rule;
	char about[ADVICE_ABOUT_MAX];
	char command[ADVICE_COMMAND_MAX];
};

/*
 * A command that depends on more than what the advice is about; it replaces that of the
 * rule.
 */
struct advice_command {
	const char *id;
	const char *(*choose)(
		const struct facts
			*facts); /* points to a static string; "@" as in a rule */
};

extern const struct advice_command advice_commands[]; /* ended by one whose id is NULL */

/* The rules by subject, each table ended by one whose id is NULL. */
extern const struct advice_rule advice_sources[];
extern const struct advice_rule advice_trust[];
extern const struct advice_rule advice_seeds[];
extern const struct advice_rule advice_credit[];
extern const struct advice_rule advice_reports[];

/*
 * Writes the advice that applies to list (ADVICE_MAX elements), the most severe first,
 * otherwise in the order of the tables. Returns its number.
 */
size_t advice_find(const struct facts *facts, struct advice *list);

/* The rule of that id, or NULL. */
const struct advice_rule *advice_rule(const char *id);

/* Calls visit with every rule. */
void advice_each(void (*visit)(const struct advice_rule *rule, void *data), void *data);

/* "info", "warning", "critical". */
const char *advice_severity_name(enum advice_severity severity);

/* For a condition: the advice is about that text. */
void advice_about(char *about, const char *text);

/*
 * Does any seed file match? The first that does is what the advice is about. Orphans
 * never match, nor does any file in a container, where others must act.
 */
bool advice_any_seed(const struct facts *facts, char *about,
		     bool (*matches)(const struct seed_file *file,
				     const struct facts *facts));

/* Is this known to be a container, where others must act? */
bool advice_contained(const struct facts *facts);

#endif
