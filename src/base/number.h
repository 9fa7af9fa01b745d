/* SPDX-License-Identifier: MIT */
#ifndef CRNG_NUMBER_H
#define CRNG_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#define SIZE_INFINITY UINT64_MAX

/* The value of a digit, decimal or hexadecimal of either case; 16: not a digit. */
unsigned int number_digit(char c);

/*
 * Reads the digits of base 8, 10 or 16 from *at on, up to end, and moves *at past all of
 * them. Returns false where there is none, with *value 0, or where they overflow *value.
 * Signs, blanks and prefixes are not digits.
 */
bool number_scan(const char **at, const char *end, unsigned int base, uint64_t *value);

/*
 * A number of at most INT64_MAX that is decimal digits and nothing else. Returns NULL, or
 * a static string: why it is no such number. *number is undefined then.
 */
const char *number_parse(const char *text, uint64_t *number);

/*
 * A size in bytes: decimal digits and an optional suffix as in coreutils: K M G T P E, of
 * either case, and KiB MiB ... are powers of 1024, kB KB MB ... powers of 1000, B is 1;
 * or "infinity" or "inf", which give SIZE_INFINITY. Returns 0, -EINVAL for anything else,
 * -ERANGE where it does not fit; *size is written only on 0.
 */
int number_size(const char *text, uint64_t *size);

/*
 * A duration in nanoseconds, as in systemd.time(7): a decimal number of seconds, or a sum
 * of numbers with units, as in "1h30m" and "1min 30s"; each may have a fraction. The
 * units are ns us ms s m h d w and their longer names (sec, min, hours, ...). "infinity"
 * or "inf" gives DEADLINE_NEVER (deadline.h). A part of a nanosecond is rounded up, so
 * only zero is 0. The decimal sign is a full stop in every locale. Returns 0, -EINVAL,
 * -ERANGE; *ns is written only on 0.
 */
int number_duration(const char *text, int64_t *ns);

#endif
