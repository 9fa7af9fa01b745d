/* SPDX-License-Identifier: MIT */
/* Random characters for passwords and names: without the bias of "byte modulo size". */
#include "bytes/chars.h"

void chars_init(struct chars *chars, const uint8_t *set, size_t n)
{
	chars->size = (unsigned int)n;
	chars->limit = (unsigned int)(256 - 256 % n);
	for (size_t i = 0; i < 256; i++)
		chars->of[i] = set[i % n];
}

/* Squaring a number doubles its logarithm, so that one bit after another shows. */
double chars_bits(const struct chars *chars)
{
	double rest = chars->size, bits = 0;

	for (; rest >= 2; rest /= 2)
		bits++;
	for (double bit = 0.5; bit > 1e-15; bit /= 2) {
		rest *= rest;
		if (rest >= 2) {
			rest /= 2;
			bits += bit;
		}
	}
	return bits;
}

size_t chars_filter(const struct chars *chars, uint8_t *bytes, size_t n)
{
	const unsigned int limit = chars->limit;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t byte = bytes[i];

		bytes[kept] = chars->of[byte];
		kept += byte < limit;
	}
	return kept;
}
