/* SPDX-License-Identifier: MIT */
/*
 * "durations TEXT..." prints what src/base/number.c makes of each duration, in
 * nanoseconds, one to a line. "durations" alone prints when a wait reports, in seconds,
 * ten times (src/base/patience.c).
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/deadline.h"
#include "base/number.h"
#include "base/patience.h"

static void print_reports(void)
{
	int64_t at = 0;

	for (int i = 0; i < 10; i++) {
		at = patience_next(at);
		printf("%" PRId64 "\n", at / NS_PER_S);
	}
}

int main(int argc, char **argv)
{
	if (argc == 1)
		print_reports();
	for (int i = 1; i < argc; i++) {
		int64_t ns;

		if (number_duration(argv[i], &ns) != 0)
			errx(EXIT_FAILURE, "%s: not a duration", argv[i]);
		printf("%" PRId64 "\n", ns);
	}
	return EXIT_SUCCESS;
}
