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

/* Makes systemd save a new seed, marked if the RNG is ready. */
#define RESTART_SEEDS "systemctl restart " SEEDS_UNIT

#endif
