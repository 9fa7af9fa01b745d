/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SEEDS_SHOW_H
#define CRNG_SEEDS_SHOW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Pure parsers of what "systemctl show" prints, which is foreign text. Sources: systemd's
 * shared/bus-print-properties.c and basic/escape.c of 247 to 257.
 */

/* The variable to look for in lists of the environment. */
#define SHOW_VARIABLE "SYSTEMD_RANDOM_SEED_CREDIT"

enum { SHOW_WORD_BYTES = 64 }; /* longer words are cut */

/* The value in the first line NAME=VALUE; its length in *len, 0 where there is none. */
const char *show_property(const char *text, const char *name, size_t *len);

/* Is that the value of the property? "" also stands for a missing property. */
bool show_is(const char *text, const char *name, const char *value);

/*
 * Does the list of that name set the variable? Copies its value, "" for the name alone,
 * to value (size bytes); the last one counts.
 */
bool show_variable(const char *text, const char *list, char *value, size_t size);

/* Is this one of the words of the list of that name? */
bool show_has(const char *text, const char *list, const char *word);

#endif
