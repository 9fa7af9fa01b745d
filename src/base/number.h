/* SPDX-License-Identifier: MIT */
#ifndef CRNG_NUMBER_H
#define CRNG_NUMBER_H

#include <stdint.h>

#define SIZE_INFINITY UINT64_MAX
#define DURATION_INFINITY INT64_MAX

/*
 * A size in bytes: decimal digits and an optional suffix as in coreutils: K M G T P E and
 * KiB MiB ... are powers of 1024, kB KB MB ... powers of 1000 (k stands for K); or
 * "infinity", which gives SIZE_INFINITY. Returns 0, -EINVAL for anything else, -ERANGE
 * where it does not fit; *size is written only on 0.
 */
int parse_size(const char *text, uint64_t *size);

/*
 * A duration in nanoseconds: decimal with an optional fraction and an optional unit ms s
 * m h d (default s); or "infinity", which gives DURATION_INFINITY. A part of a nanosecond
 * is rounded up, so only zero is 0. The decimal sign is a full stop in every locale.
 * Returns 0, -EINVAL, -ERANGE; *ns is written only on 0.
 */
int parse_duration(const char *text, int64_t *ns);

#endif
