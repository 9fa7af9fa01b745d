/* SPDX-License-Identifier: MIT */
/* What time it is, which boot this is, when it was and how long ago that is. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/ask.h"
#include "base/boot-time.h"
#include "base/number.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

enum { UPTIME_MAX = INT32_MAX }; /* seconds: 68 years */

/*
 * In RFC 3339. A captured tree is looked at now, too. glibc reads the local time zone
 * even where it is not needed.
 */
void collect_time(struct facts *facts)
{
	struct fact_text *fact = &facts->time;
	char text[32];
	time_t now = time(NULL);
	struct tm utc;
	size_t len = 0;

	fact->unknown = text_error(ETIMEDOUT);
	if (!ask_begin("/etc/localtime"))
		return;
	if (gmtime_r(&now, &utc))
		len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	ask_end();
	if (len > 0)
		fact_text(fact, text);
	else
		fact->unknown = "the clock is out of range";
}

static void find_boot_time(int root, struct fact_number *fact)
{
	int64_t usec = boot_time_usec(root);

	if (usec >= 0)
		fact_number(fact, (uint64_t)usec);
	else
		fact->unknown = usec == -ENODATA  ? "/proc/stat does not show it"
				: usec == -ERANGE ? "the clock is not set"
						  : text_error((int)-usec);
}

/* The time in suspend counts, because the wall clock goes on meanwhile. */
static void live_uptime(struct fact_number *fact)
{
	struct timespec boot;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	fact_number(fact, (uint64_t)boot.tv_sec);
}

static void captured_uptime(int root, struct fact_number *fact)
{
	char text[32];
	uint64_t number;
	long len = root_read(root, "/proc/uptime", text, sizeof(text));

	if (len >= 0)
		text[strcspn(text, ". \n")] = '\0';
	if (len < 0)
		fact->unknown = text_error((int)-len);
	else if (number_parse(text, &number) || number > UPTIME_MAX)
		fact->unknown = "not a number of seconds";
	else
		fact_number(fact, number);
}

void collect_environment(int root, struct facts *facts)
{
	collect_time(facts);
	read_text(root, READ_RANDOM "boot_id", &facts->boot_id);
	find_boot_time(root, &facts->boot_usec);
	if (root == ROOT_LIVE)
		live_uptime(&facts->uptime);
	else
		captured_uptime(root, &facts->uptime);
}
