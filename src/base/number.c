/* SPDX-License-Identifier: MIT */
/*
 * The only scanner of digits, and the parsers of what users type. strtoull() takes signs,
 * spaces and octal, strtod() hexadecimal, NaN and the locale's comma: none of that may
 * decide how many bytes a key has.
 */
#include "base/number.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/deadline.h"

enum { NO_DIGIT = 16 };

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

unsigned int number_digit(char c)
{
	return c >= '0' && c <= '9'   ? (unsigned int)(c - '0')
	       : c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10
	       : c >= 'A' && c <= 'F' ? (unsigned int)(c - 'A') + 10
				      : NO_DIGIT;
}

bool number_scan(const char **at, const char *end, unsigned int base, uint64_t *value)
{
	const char *start = *at;
	bool fits = true;

	for (*value = 0; *at < end && number_digit(**at) < base; ++*at)
		fits = fits && !__builtin_mul_overflow(*value, base, value) &&
		       !__builtin_add_overflow(*value, number_digit(**at), value);
	return fits && *at > start;
}

const char *number_parse(const char *text, uint64_t *number)
{
	const char *start = text, *end = text + strlen(text);
	bool fits = number_scan(&text, end, 10, number);

	if (text == start || text < end)
		return "not a number";
	return fits && *number <= INT64_MAX ? NULL : "number too large";
}

static uint64_t find_factor(const struct unit *units, const char *name)
{
	while (units->name && strcmp(units->name, name) != 0)
		units++;
	return units->factor;
}

int number_size(const char *text, uint64_t *size)
{
	if (strcmp(text, "infinity") == 0) {
		*size = SIZE_INFINITY;
		return 0;
	}

	const char *start = text;
	uint64_t value;
	bool fits = number_scan(&text, text + strlen(text), 10, &value);
	uint64_t factor = find_factor(size_units, text);

	if (text == start || factor == 0)
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

int number_duration(const char *text, int64_t *ns)
{
	if (strcmp(text, "infinity") == 0) {
		*ns = DEADLINE_NEVER;
		return 0;
	}

	const char *start = text;
	uint64_t value, total;
	bool fits = number_scan(&text, text + strlen(text), 10, &value);
	bool whole = text > start;
	const char *fraction = text + 1;
	size_t digits = text[0] == '.' ? strspn(fraction, "0123456789") : 0;

	if (digits == 0 && (!whole || text[0] == '.'))
		return -EINVAL;
	if (digits > 0)
		text = fraction + digits;

	uint64_t factor = find_factor(duration_units, text);

	if (factor == 0)
		return -EINVAL;
	if ((whole && !fits) || __builtin_mul_overflow(value, factor, &total) ||
	    __builtin_add_overflow(total, scale_fraction(fraction, digits, factor),
				   &total) ||
	    total >= DEADLINE_NEVER)
		return -ERANGE;
	*ns = (int64_t)total;
	return 0;
}
