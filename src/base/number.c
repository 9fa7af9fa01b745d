/* SPDX-License-Identifier: MIT */
/*
 * Parsers of the numbers that users type. strtoull() takes signs, spaces and octal,
 * strtod() hexadecimal, NaN and the locale's comma: none of that may decide how many
 * bytes a key has. What the kernel writes is parsed where it is read.
 */
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

#define KIB(power) (UINT64_C(1) << (10 * (power)))
#define KILO UINT64_C(1000)

/* clang-format off */
static const struct unit size_units[] = {
	{ "", 1 },
	{ "K", KIB(1) },	{ "KiB", KIB(1) },
	{ "k", KIB(1) },	{ "kiB", KIB(1) },
	{ "M", KIB(2) },	{ "MiB", KIB(2) },
	{ "G", KIB(3) },	{ "GiB", KIB(3) },
	{ "T", KIB(4) },	{ "TiB", KIB(4) },
	{ "P", KIB(5) },	{ "PiB", KIB(5) },
	{ "E", KIB(6) },	{ "EiB", KIB(6) },
	{ "kB", KILO },		{ "KB", KILO },
	{ "MB", KILO * KILO },	{ "GB", KILO * KILO * KILO },
	{ "TB", KILO * KILO * KILO * KILO },
	{ "PB", KILO * KILO * KILO * KILO * KILO },
	{ "EB", KILO * KILO * KILO * KILO * KILO * KILO },
	{ NULL, 0 },
};
/* clang-format on */

static const struct unit duration_units[] = {
	{ "", UINT64_C(1000000000) },
	{ "ms", UINT64_C(1000000) },
	{ "s", UINT64_C(1000000000) },
	{ "m", UINT64_C(60) * 1000000000 },
	{ "h", UINT64_C(3600) * 1000000000 },
	{ "d", UINT64_C(86400) * 1000000000 },
	{ NULL, 0 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint64_t find_factor(const struct unit *units, const char *name)
{
	while (units->name && strcmp(units->name, name) != 0)
		units++;
	return units->factor;
}

/* Reads digits at *text and moves it behind them; returns false where they overflow. */
static bool read_digits(const char **text, uint64_t *value)
{
	bool fits = true;

	for (*value = 0; is_digit(**text); ++*text) {
		fits = fits && !__builtin_mul_overflow(*value, 10, value) &&
		       !__builtin_add_overflow(*value, (uint64_t)(**text - '0'), value);
	}
	return fits;
}

int parse_size(const char *text, uint64_t *size)
{
	if (strcmp(text, "infinity") == 0) {
		*size = SIZE_INFINITY;
		return 0;
	}
	if (!is_digit(text[0]))
		return -EINVAL;

	uint64_t value;
	bool fits = read_digits(&text, &value);
	uint64_t factor = find_factor(size_units, text);

	if (factor == 0)
		return -EINVAL;
	if (!fits || __builtin_mul_overflow(value, factor, &value) ||
	    value == SIZE_INFINITY)
		return -ERANGE;
	*size = value;
	return 0;
}

/*
 * 0.DIGITS times factor, rounded up. From the last digit to the first, rounding up at
 * each step, gives the same as rounding once, and nothing overflows.
 */
static uint64_t scale_fraction(const char *digits, size_t n, uint64_t factor)
{
	uint64_t value = 0;

	while (n-- > 0)
		value = (value + factor * (uint64_t)(digits[n] - '0') + 9) / 10;
	return value;
}

int parse_duration(const char *text, int64_t *ns)
{
	if (strcmp(text, "infinity") == 0) {
		*ns = DURATION_INFINITY;
		return 0;
	}
	if (!is_digit(text[0]) && !(text[0] == '.' && is_digit(text[1])))
		return -EINVAL;

	uint64_t value, total;
	bool fits = read_digits(&text, &value);
	const char *fraction = text + 1;
	size_t digits = text[0] == '.' ? strspn(fraction, "0123456789") : 0;

	if (text[0] == '.' && digits == 0)
		return -EINVAL;
	if (digits > 0)
		text = fraction + digits;

	uint64_t factor = find_factor(duration_units, text);

	if (factor == 0)
		return -EINVAL;
	if (!fits || __builtin_mul_overflow(value, factor, &total) ||
	    __builtin_add_overflow(total, scale_fraction(fraction, digits, factor),
				   &total) ||
	    total >= DURATION_INFINITY)
		return -ERANGE;
	*ns = (int64_t)total;
	return 0;
}
