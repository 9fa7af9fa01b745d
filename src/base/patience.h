/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PATIENCE_H
#define CRNG_PATIENCE_H

#include <stdint.h>

/*
 * A wait that nobody watches reports after 10 s, 30 s, 1, 2, 5 and 10 minutes, and then
 * every 10 minutes. Returns when, in nanoseconds since it began, it reports next, if
 * passed (at least 0) have gone by.
 */
int64_t patience_next(int64_t passed);

#endif
