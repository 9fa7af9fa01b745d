/* SPDX-License-Identifier: MIT */
/* When the machine booted. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/boot-time.h"
#include "base/io.h"
#include "base/number.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

enum {
	UPTIME_MAX = INT32_MAX, /* seconds: 68 years */
	USEC_PER_S = 1000000,
};

/*
 * The wall clock goes on during suspend, so suspend counts. The difference is taken in
 * nanoseconds, so that two reports of one boot do not differ by a second.
 */
static void times_now(struct facts *facts)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	fact_number(&facts->uptime, (uint64_t)boot.tv_sec);

	time_t since = wall.tv_sec - boot.tv_sec - (wall.tv_nsec < boot.tv_nsec);

	if (since >= 0)
		fact_number(&facts->boot_time, (uint64_t)since);
	else
		facts->boot_time.unknown = "the clock is not set";
}

static void times_captured(int root, struct facts *facts)
{
	int64_t since = boot_time_usec(root);
	char text[32];
	uint64_t number;

	if (since >= 0)
		fact_number(&facts->boot_time, (uint64_t)since / USEC_PER_S);
	else
		facts->boot_time.unknown = since == -ENODATA
						   ? "/proc/stat does not tell it"
						   : text_error((int)-since);

	long len = io_read_in(root, "/proc/uptime", text, sizeof(text));
	if (len >= 0)
		text[strcspn(text, ". \n")] = '\0';
	if (len < 0)
		facts->uptime.unknown = text_error((int)-len);
	else if (number_parse(text, &number) || number > UPTIME_MAX)
		facts->uptime.unknown = "not a number of seconds";
	else
		fact_number(&facts->uptime, number);
}

void collect_environment(int root, struct facts *facts)
{
	if (root == IO_LIVE_ROOT)
		times_now(facts);
	else
		times_captured(root, facts);
}
