/* SPDX-License-Identifier: MIT */
/*
 * "uniform SET" checks that standard input, apart from newlines, has only the characters
 * of SET, each equally often. "uniform" alone checks the same of src/bytes/chars.c
 * itself, for sets of each size from 1 to 256, which no command line can name. The
 * chi-square test fails at six standard deviations, as one correct generator in 10^9
 * does.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/chars.h"
#include "rng/rng.h"

enum { NOT_UNIFORM = 1, TROUBLE = 2, DRAWS_OF_EACH = 2000 };

/* Wilson and Hilferty: the cube root of chi-square over n is nearly normal. */
static double deviations(const uint64_t *counts, const uint8_t *set, size_t n)
{
	double total = 0, square = 0, freedom = (double)n - 1, spread = 2 / (9 * freedom);

	for (size_t i = 0; i < n; i++)
		total += (double)counts[set[i]];
	for (size_t i = 0; i < n; i++) {
		double off = (double)counts[set[i]] - total / (double)n;

		square += off * off / (total / (double)n);
	}
	return n < 2 ? 0 : (cbrt(square / freedom) - (1 - spread)) / sqrt(spread);
}

static void check(const uint64_t *counts, const uint8_t *set, size_t n)
{
	double off = deviations(counts, set, n);

	if (!(off < 6))
		errx(NOT_UNIFORM, "%zu characters: %.1f standard deviations off", n, off);
}

static void check_input(const char *set)
{
	uint64_t counts[256] = { 0 };
	int c;

	while ((c = getchar()) != EOF) {
		if (c != '\n' && !strchr(set, c))
			errx(NOT_UNIFORM, "character %d is none of the set", c);
		counts[c]++;
	}
	check(counts, (const uint8_t *)set, strlen(set));
}

static void check_size(size_t n)
{
	uint64_t counts[256] = { 0 }, drawn = 0;
	uint8_t set[256], bytes[4096];
	struct chars chars;

	for (size_t i = 0; i < n; i++)
		set[i] = (uint8_t)(255 - i);
	chars_init(&chars, set, n);
	while (drawn < n * DRAWS_OF_EACH) {
		if (rng_read(RNG_DEFAULT, false, bytes, sizeof(bytes)) != sizeof(bytes))
			errx(TROUBLE, "getrandom");

		size_t kept = chars_filter(&chars, bytes, sizeof(bytes));

		for (size_t i = 0; i < kept; i++)
			counts[bytes[i]]++;
		drawn += kept;
	}
	for (size_t i = 0; i < 256 - n; i++) {
		if (counts[i] != 0)
			errx(NOT_UNIFORM, "%zu characters: %zu is none", n, i);
	}
	check(counts, set, n);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		check_input(argv[1]);
		return EXIT_SUCCESS;
	}
	for (size_t n = 1; n <= 256; n++)
		check_size(n);
	return EXIT_SUCCESS;
}
