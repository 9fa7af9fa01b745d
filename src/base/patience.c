/* SPDX-License-Identifier: MIT */
#include "base/patience.h"

#include <stddef.h>

#include "base/deadline.h"

#define MINUTE (60 * NS_PER_S)

int64_t patience_next(int64_t passed)
{
	static const int64_t points[] = { 10 * NS_PER_S, 30 * NS_PER_S, MINUTE,
					  2 * MINUTE,	 5 * MINUTE,	10 * MINUTE };
	const int64_t last = 10 * MINUTE;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		if (points[i] > passed)
			return points[i];
	return (passed / last + 1) * last;
}
