/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHARS_H
#define CRNG_CHARS_H

#include <stddef.h>
#include <stdint.h>

/* A set of characters to draw from, uniformly. */
struct chars {
	unsigned int size;
	unsigned int limit; /* bytes at or above it stand for no character */
	uint8_t of[256];    /* the character that a byte below limit stands for */
};

/*
 * Makes the set of n characters (1 to 256), which must differ. Byte b stands for
 * character b mod n; bytes at or above the last multiple of n stand for none, so that no
 * character is favoured.
 */
void chars_init(struct chars *chars, const uint8_t *set, size_t n);

/*
 * How many bits of randomness a character of the set has: the logarithm of its size to
 * base 2, never rounded up.
 */
double chars_bits(const struct chars *chars);

/*
 * Turns n random bytes into random characters, in place. Returns how many those are, at
 * most n and on average more than n / 2.
 */
size_t chars_filter(const struct chars *chars, uint8_t *bytes, size_t n);

#endif
