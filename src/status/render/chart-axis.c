/* SPDX-License-Identifier: MIT */
/* The time axis: linear, or logarithmic where marks would else fall into one. */
#include <inttypes.h>
#include <stdio.h>

#include "status/render/chart.h"

enum {
	USEC = 1000000,
	TICKS_LINEAR = 7,
	CRAMPED = 16, /* of so many parts of an axis, the first one */
};

/* The share of a logarithmic axis that leads from 0 to its first decade. */
#define ZERO_SHARE 0.06

/* The binary logarithm of n > 0; libm would be one more library to load. */
static double log2_of(uint64_t n)
{
	double whole = 63 - __builtin_clzll(n),
	       rest = (double)n / (double)(1ULL << (63 - __builtin_clzll(n)));
	double fraction = 0;

	for (double bit = 0.5; bit > 1e-6; bit /= 2) {
		rest *= rest;
		if (rest >= 2) {
			rest /= 2;
			fraction += bit;
		}
	}
	return whole + fraction;
}

double chart_position(const struct chart *chart, int64_t usec)
{
	double at;

	if (usec <= 0 || chart->end <= 0)
		return 0;
	if (usec >= chart->end)
		return 1;
	if (chart->first == 0)
		return (double)usec / (double)chart->end;
	if (usec < chart->first)
		return ZERO_SHARE * (double)usec / (double)chart->first;
	at = (log2_of((uint64_t)usec) - log2_of((uint64_t)chart->first)) /
	     (log2_of((uint64_t)chart->end) - log2_of((uint64_t)chart->first));
	return ZERO_SHARE + (1 - ZERO_SHARE) * at;
}

/* The smallest of 1, 2 or 5 times a power of ten that is not below. */
static int64_t round_up(int64_t usec)
{
	int64_t power = 1;

	while (power * 10 < usec)
		power *= 10;
	return power >= usec	   ? power
	       : 2 * power >= usec ? 2 * power
	       : 5 * power >= usec ? 5 * power
				   : 10 * power;
}

static int64_t step_of(const struct chart *chart)
{
	return round_up((chart->end + TICKS_LINEAR - 1) / TICKS_LINEAR);
}

size_t chart_ticks(const struct chart *chart, int64_t ticks[CHART_TICKS_MAX])
{
	int64_t step = step_of(chart);
	int64_t at = chart->first ? chart->first : step;
	size_t count = 0;

	for (ticks[count++] = 0; at <= chart->end && count < CHART_TICKS_MAX;
	     at = chart->first ? at * 10 : at + step)
		ticks[count++] = at;
	return count;
}

/* Two moments that a linear axis would show as one: both early, and yet far apart. */
static bool are_cramped(const struct chart *chart, int64_t one, int64_t other)
{
	int64_t early = one < other ? one : other, late = one < other ? other : one;

	return early > 0 && late < chart->end / CRAMPED && late - early >= early / 10;
}

static bool is_cramped_beside(const struct chart *chart, int64_t at)
{
	for (size_t i = 0; i < chart->count; i++)
		for (size_t k = 0; k < chart->row[i].marks; k++)
			if (are_cramped(chart, at, chart->row[i].at[k]))
				return true;
	return false;
}

/* The earliest moment that needs a logarithmic axis; 0: none does. */
static int64_t first_cramped(const struct chart *chart)
{
	int64_t first = 0;

	for (size_t i = 0; i < chart->count; i++) {
		int64_t at = chart->row[i].at[0];

		if ((first == 0 || at < first) && is_cramped_beside(chart, at))
			first = at;
	}
	return first;
}

/* An axis that does not end now ends with a tick. */
static void round_end(struct chart *chart)
{
	int64_t step = step_of(chart), power = 1;

	if (chart->ends_now)
		return;
	while (power < chart->end)
		power *= 10;
	chart->end = chart->first ? power : (chart->end + step - 1) / step * step;
}

void chart_scale(struct chart *chart, bool may_be_logarithmic)
{
	int64_t cramped = may_be_logarithmic ? first_cramped(chart) : 0;

	chart->first = cramped ? 1 : 0;
	while (cramped && chart->first * 10 <= cramped)
		chart->first *= 10;
	round_end(chart);
}

/* Three digits that count, and no needless zeros. */
void chart_time(int64_t usec, char *text, size_t size)
{
	int64_t unit = usec >= 100 * USEC  ? USEC
		       : usec >= 10 * USEC ? USEC / 10
		       : usec >= USEC / 10 ? USEC / 100
					   : USEC / 1000;

	chart_tick(usec - usec % unit, text, size);
}

void chart_tick(int64_t usec, char *text, size_t size)
{
	int64_t fraction = usec % USEC;
	int digits = 6;

	for (; digits > 0 && fraction % 10 == 0; fraction /= 10)
		digits--;
	if (digits == 0)
		snprintf(text, size, "%" PRId64 " s", usec / USEC);
	else
		snprintf(text, size, "%" PRId64 ".%0*" PRId64 " s", usec / USEC, digits,
			 fraction);
}

void chart_uptime(int64_t seconds, char *text, size_t size)
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

	if (seconds < 10 * MINUTE)
		snprintf(text, size, "%" PRId64 " s", seconds);
	else if (seconds < 2 * HOUR)
		snprintf(text, size, "%" PRId64 " min", seconds / MINUTE);
	else if (seconds < 2 * DAY)
		snprintf(text, size, "%" PRId64 " h", seconds / HOUR);
	else
		snprintf(text, size, "%" PRId64 " days", seconds / DAY);
}

void chart_span(const struct waiter *waiter, char *text, size_t size)
{
	char time[32];

	chart_time(waiter->waited_ns / 1000, time, sizeof(time));
	snprintf(text, size, "%s%s", waiter_since_is_known(waiter) ? "" : "at least ",
		 time);
}
