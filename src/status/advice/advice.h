/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ADVICE_H
#define CRNG_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "status/facts.h"

enum advice_severity { ADVICE_INFO, ADVICE_WARNING, ADVICE_CRITICAL };

enum { ADVICE_MAX = 40, ADVICE_ABOUT_MAX = FACT_TEXT_MAX, ADVICE_COMMAND_MAX = 512 };

/*
 * A finding that can be acted upon. Ids never change their meaning. condition only
 * reads the facts; it may write what exactly it found (escaped text, at most
 * ADVICE_ABOUT_MAX bytes) to about, which comes in empty. '@' in command stands for
 * that.
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

/* A command that depends on more than what the advice is about; replaces the rule's. */
struct advice_command {
	const char *id;
	const char *(*choose)(
		const struct facts *facts); /* static; '@' as in the rule's */
};

extern const struct advice_command advice_commands[]; /* ended by one whose id is NULL */

/* The rules by subject, each table ended by one whose id is NULL. */
extern const struct advice_rule advice_sources[];
extern const struct advice_rule advice_trust[];
extern const struct advice_rule advice_seeds[];
extern const struct advice_rule advice_credit[];
extern const struct advice_rule advice_reports[];

/*
 * Writes those that apply to list (ADVICE_MAX of them), the most severe first, else in
 * the order of the tables. Returns their number.
 */
size_t advice_find(const struct facts *facts, struct advice *list);

/* The rule of that id, or NULL. */
const struct advice_rule *advice_rule(const char *id);

/* Calls visit with every rule. */
void advice_each(void (*visit)(const struct advice_rule *rule, void *data), void *data);

/* "info", "warning", "critical". */
const char *advice_severity_name(enum advice_severity severity);

/*
 * The first seed file that matches is what the advice is about. One that nothing loads
 * is none, nor is any where others must act.
 */
bool advice_any_seed(const struct facts *facts, char *about,
		     bool (*matches)(const struct seed_file *file,
				     const struct facts *facts));

/* Is it known to run in a container, where others must act? */
bool advice_contained(const struct facts *facts);

#endif
