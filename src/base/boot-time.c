/* SPDX-License-Identifier: MIT */
/* When a system booted: this one, or a captured one. */
#include "base/boot-time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "base/root.h"

/* Bytes: btime comes after a number for each interrupt. */
enum { STAT_MAX = 1 << 18 };

/* Rounds only at the end, so that two reports of one boot do not differ by a second. */
static int64_t live_usec(void)
{
	struct timespec wall, since;

	if (clock_gettime(CLOCK_REALTIME, &wall) != 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &since) != 0)
		return -errno;

	int64_t ns = (int64_t)(wall.tv_sec - since.tv_sec) * NS_PER_S +
		     (wall.tv_nsec - since.tv_nsec);

	return ns < 0 ? -ERANGE : ns / NS_PER_USEC;
}

static int64_t captured_usec(int root)
{
	static char text[STAT_MAX];
	long long seconds;

	text[0] = '\n'; /* so that each line begins after one */

	long len = root_read(root, "/proc/stat", text + 1, sizeof(text) - 1);

	if (len < 0)
		return len;

	const char *line = strstr(text, "\nbtime ");

	if (!line || sscanf(line, "\nbtime %12lld", &seconds) != 1 || seconds < 0)
		return -ENODATA;
	return seconds * USEC_PER_S;
}

int64_t boot_time_usec(int root)
{
	return root == ROOT_LIVE ? live_usec() : captured_usec(root);
}
