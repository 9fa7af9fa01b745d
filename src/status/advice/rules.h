/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RULES_H
#define CRNG_RULES_H

#include "status/advice/advice.h"

/* The rules by subject, each table ended by one whose id is NULL. */
extern const struct advice_rule advice_clones[];
extern const struct advice_rule advice_sources[];
extern const struct advice_rule advice_trust[];
extern const struct advice_rule advice_seeds[];
extern const struct advice_rule advice_credit[];
extern const struct advice_rule advice_reports[];

/* The ways of a rule: an array that ends with NO_WAY. */
#define WAY(kind, text)                    \
	{                                  \
		ADVICE_##kind, text, false \
	}
#define ROOT_WAY(text)                   \
	{                                \
		ADVICE_SHELL, text, true \
	}
#define NO_WAY                           \
	{                                \
		ADVICE_TEXT, NULL, false \
	}
#define ONE(...) ((const struct advice_template[]){ __VA_ARGS__, NO_WAY })

/* Makes systemd save a new seed, marked if the RNG is ready. */
#define RESTART_SEEDS "systemctl restart " SEEDS_UNIT

/* Makes crng use up the old seed, and save one that it credits. */
#define RUN_CRNG_SEED "crng wait && crng seed"

#endif
