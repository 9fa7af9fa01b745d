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
#define MEGA (KILO * KILO)
#define SECOND UINT64_C(1000000000)

/* clang-format off */
static const struct unit size_units[] = {
	{ "", 1 },		{ "B", 1 },
	{ "K", KIB(1) },	{ "k", KIB(1) },	{ "KiB", KIB(1) },
	{ "kiB", KIB(1) },
	{ "M", KIB(2) },	{ "m", KIB(2) },	{ "MiB", KIB(2) },
	{ "G", KIB(3) },	{ "g", KIB(3) },	{ "GiB", KIB(3) },
	{ "T", KIB(4) },	{ "t", KIB(4) },	{ "TiB", KIB(4) },
	{ "P", KIB(5) },	{ "p", KIB(5) },	{ "PiB", KIB(5) },
	{ "E", KIB(6) },	{ "e", KIB(6) },	{ "EiB", KIB(6) },
	{ "kB", KILO },		{ "KB", KILO },		{ "MB", MEGA },
	{ "GB", KILO * MEGA },	{ "TB", MEGA * MEGA },
	{ "PB", KILO * MEGA * MEGA },
	{ "EB", MEGA * MEGA * MEGA },
	{ NULL, 0 },
};

/* Those of systemd.time(7), except month and year, which have no fixed length. */
static const struct unit duration_units[] = {
	{ "ns", 1 },			{ "nsec", 1 },
	{ "us", KILO },			{ "usec", KILO },
	{ "\302\265s", KILO },		{ "\316\274s", KILO }, /* both kinds of mu */
	{ "ms", MEGA },			{ "msec", MEGA },
	{ "s", SECOND },		{ "sec", SECOND },
	{ "second", SECOND },		{ "seconds", SECOND },
	{ "m", 60 * SECOND },		{ "min", 60 * SECOND },
	{ "minute", 60 * SECOND },	{ "minutes", 60 * SECOND },
	{ "h", 3600 * SECOND },		{ "hr", 3600 * SECOND },
	{ "hour", 3600 * SECOND },	{ "hours", 3600 * SECOND },
	{ "d", 86400 * SECOND },	{ "day", 86400 * SECOND },
	{ "days", 86400 * SECOND },
	{ "w", 604800 * SECOND },	{ "week", 604800 * SECOND },
	{ "weeks", 604800 * SECOND },
	{ NULL, 0 },
};
/* clang-format on */

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

/* The factor of the unit whose name has len bytes; 0: there is none. */
static uint64_t find_factor(const struct unit *units, const char *name, size_t len)
{
	while (units->name &&
	       (strncmp(units->name, name, len) != 0 || units->name[len] != '\0'))
		units++;
	return units->factor;
}

static bool is_infinity(const char *text)
{
	return strcmp(text, "infinity") == 0 || strcmp(text, "inf") == 0;
}

int number_size(const char *text, uint64_t *size)
{
	if (is_infinity(text)) {
		*size = SIZE_INFINITY;
		return 0;
	}

	const char *start = text;
	uint64_t value;
	bool fits = number_scan(&text, text + strlen(text), 10, &value);
	uint64_t factor = find_factor(size_units, text, strlen(text));

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

/* One number of a duration. */
struct term {
	uint64_t whole;
	bool fits; /* whole does */
	const char *fraction;
	size_t digits; /* of the fraction */
};

/* Reads a decimal number and moves *at past it; returns false if there is none. */
static bool scan_term(const char **at, struct term *term)
{
	const char *start = *at;

	term->fits = number_scan(at, start + strlen(start), 10, &term->whole);

	bool whole = *at > start;

	term->fits = term->fits || !whole;
	term->fraction = *at + 1;
	term->digits = **at == '.' ? strspn(term->fraction, "0123456789") : 0;
	if (term->digits == 0)
		return whole && **at != '.';
	*at = term->fraction + term->digits;
	return true;
}

/*
 * Reads the unit of a number and moves *at past it and the blanks around it. A number
 * that is all of the text counts seconds; any other one has a unit, since "1h30" is half
 * an hour to some and 30 seconds to others. Returns 0 where there is no such unit.
 */
static uint64_t scan_unit(const char **at, bool first)
{
	if (first && **at == '\0')
		return SECOND;

	const char *name = *at + strspn(*at, " ");
	size_t len = strcspn(name, " .0123456789");

	*at = name + len + strspn(name + len, " ");
	return **at == '\0' && (*at)[-1] == ' ' ? 0
						: find_factor(duration_units, name, len);
}

/* Adds value to the total, if the sum is a duration. */
static bool add(uint64_t *total, uint64_t value)
{
	return !__builtin_add_overflow(*total, value, total) && *total < DEADLINE_NEVER;
}

int number_duration(const char *text, int64_t *ns)
{
	const char *start = text;
	uint64_t total = 0;
	bool fits = true;

	if (is_infinity(text)) {
		*ns = DEADLINE_NEVER;
		return 0;
	}
	do {
		bool first = text == start;
		struct term term;

		if (!scan_term(&text, &term))
			return -EINVAL;

		uint64_t factor = scan_unit(&text, first);
		uint64_t value;

		if (factor == 0)
			return -EINVAL;
		fits = fits && term.fits &&
		       !__builtin_mul_overflow(term.whole, factor, &value) &&
		       add(&total, value) &&
		       add(&total, scale_fraction(term.fraction, term.digits, factor));
	} while (*text);
	if (!fits)
		return -ERANGE;
	*ns = (int64_t)total;
	return 0;
}
