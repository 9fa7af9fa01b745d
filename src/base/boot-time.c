/* SPDX-License-Identifier: MIT */
/* When a captured system booted. */
#include "base/boot-time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"

enum { STAT_MAX = 1 << 18 }; /* btime stands behind a number for each interrupt */

int64_t boot_time_captured(int root)
{
	static char text[STAT_MAX];
	long long seconds;

	text[0] = '\n'; /* so that each line begins behind one */

	long len = io_read_in(root, "/proc/stat", text + 1, sizeof(text) - 1);

	if (len < 0)
		return len;

	const char *line = strstr(text, "\nbtime ");

	if (!line || sscanf(line, "\nbtime %12lld", &seconds) != 1 || seconds < 0)
		return -ENODATA;
	return seconds;
}
