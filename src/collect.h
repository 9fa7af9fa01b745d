/* SPDX-License-Identifier: MIT */
#ifndef CRNG_COLLECT_H
#define CRNG_COLLECT_H

#include "facts.h"

/*
 * Fills all facts. root is IO_LIVE_ROOT for the running system, else the descriptor of a
 * directory that holds a captured tree (proc, sys, ...): then everything that asks the
 * running kernel is left out and unknown, because a mixture would be worse than a gap.
 * Never fails: what cannot be learnt is unknown, with its reason. Needs no privilege.
 */
void collect_facts(int root, struct facts *facts);

/* Its parts; collect_kernel() before collect_pool() before collect_verdict(). */
void collect_kernel(int root, struct facts *facts);
void collect_pool(int root, struct facts *facts);
void collect_verdict(int root, struct facts *facts);
void collect_sources(int root, struct facts *facts);

/*
 * Reads the file at path below root into the fact: one line of text without its newline,
 * or a number of decimal digits. Anything else there makes it unknown.
 */
void collect_text(int root, const char *path, struct fact *fact);
void collect_number(int root, const char *path, struct fact *fact);

/* The value of "key : value" in cpuinfo's first processor; NULL: not there. Ends it. */
char *cpuinfo_value(char *cpuinfo, const char *key);

/* Is word one of the words, separated by blanks, in list? */
bool has_word(const char *list, const char *word);

#endif
