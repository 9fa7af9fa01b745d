/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CPUINFO_H
#define CRNG_CPUINFO_H

#include <stdbool.h>
#include <stddef.h>

/* Pure parsers of /proc/cpuinfo, whose lines are "key : value" on every architecture. */

/*
 * Copies the value of the first line with that key, without the blanks before it, to
 * value, size bytes with the NUL. Returns false where there is no such line.
 */
bool cpuinfo_value(const char *cpuinfo, const char *key, char *value, size_t size);

/* Is word one of the words, separated by blanks, in list? */
bool cpuinfo_has(const char *list, const char *word);

#endif
