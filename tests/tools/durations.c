/* SPDX-License-Identifier: MIT */
/*
 * "durations TEXT..." prints what src/base/number.c makes of each duration, in
 * nanoseconds, one to a line.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int64_t ns;

		if (number_duration(argv[i], &ns) != 0)
			errx(EXIT_FAILURE, "%s: not a duration", argv[i]);
		printf("%" PRId64 "\n", ns);
	}
	return EXIT_SUCCESS;
}
