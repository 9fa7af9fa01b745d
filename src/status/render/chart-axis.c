/* SPDX-License-Identifier: MIT */
/* The time axis: linear, or logarithmic where marks would else fall into one. */
#include <inttypes.h>
#include <stdio.h>

#include "status/render/chart.h"

enum {
	USEC = 1000000,
	TICKS_LINEAR = 7,
	CRAMPED = 40, /* times longer than the first of several marks is the axis */
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

size_t chart_ticks(const struct chart *chart, int64_t ticks[CHART_TICKS_MAX])
{
	int64_t step = round_up(chart->end / TICKS_LINEAR + 1);
	int64_t at = chart->first ? chart->first : step;
	size_t count = 0;

	for (ticks[count++] = 0; at <= chart->end && count < CHART_TICKS_MAX;
	     at = chart->first ? at * 10 : at + step)
		ticks[count++] = at;
	return count;
}

/* The marks after the first instant: how many moments, and which is the earliest? */
static size_t moments(const struct chart *chart, int64_t *earliest)
{
	int64_t last = 0;
	size_t count = 0;

	*earliest = chart->end;
	for (size_t i = 0; i < chart->count; i++) {
		for (size_t k = 0; k < chart->row[i].marks; k++) {
			int64_t at = chart->row[i].at[k];

			if (at > 0 && at < *earliest)
				*earliest = at;
			count += at > 0 && at != last;
			last = at;
		}
	}
	return count;
}

void chart_scale(struct chart *chart)
{
	int64_t earliest, decade = 1;

	chart->first = 0;
	if (moments(chart, &earliest) < 2 || chart->end / CRAMPED < earliest)
		return;
	while (decade * 10 <= earliest)
		decade *= 10;
	chart->first = decade;
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

void chart_span(const struct waiter *waiter, char *text, size_t size)
{
	char time[32];

	chart_time(waiter->waited_ns / 1000, time, sizeof(time));
	snprintf(text, size, "%s%s", waiter_since_is_known(waiter) ? "" : "at least ",
		 time);
}
