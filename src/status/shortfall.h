/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SHORTFALL_H
#define CRNG_SHORTFALL_H

#include "status/facts.h"

/*
 * Why the CRNG is not ready, in half a line: the bits gathered of those needed, and which
 * sources of entropy there are. Writes at most size bytes with the NUL.
 */
void shortfall_describe(const struct facts *facts, char *text, size_t size);

#endif
