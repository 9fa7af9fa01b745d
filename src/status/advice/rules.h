/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RULES_H
#define CRNG_RULES_H

#include "status/advice/advice.h"

/* The rules by subject, each table ended by one whose id is NULL. */
extern const struct advice_rule advice_sources[];
extern const struct advice_rule advice_trust[];
extern const struct advice_rule advice_seeds[];
extern const struct advice_rule advice_credit[];
extern const struct advice_rule advice_reports[];

/*
 * An action that depends on more than what the advice is about; it replaces that of the
 * rule.
 */
struct advice_choice {
	const char *id;
	struct advice_template (*choose)(const struct facts *facts);
};

extern const struct advice_choice advice_choices[]; /* ended by one whose id is NULL */

#endif
