/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CONDITION_H
#define CRNG_CONDITION_H

#include "status/facts.h"

/* What the conditions of several rules ask. */

/* The advice is about that text. */
void condition_about(char *about, const char *text);

/* Is this known to be a container, where others must act? */
bool condition_contained(const struct facts *facts);

/*
 * Does any seed file match? The first that does is what the advice is about. Orphans
 * never match, nor does any file in a container.
 */
bool condition_any_seed(const struct facts *facts, char *about,
			bool (*matches)(const struct seed_file *file,
					const struct facts *facts));

/* The seed file of that path, which the facts have. */
const struct seed_file *condition_seed(const struct facts *facts, const char *path);

#endif
