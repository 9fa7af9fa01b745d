/* SPDX-License-Identifier: MIT */
/*
 * The journal of this boot, where /dev/kmsg is not enough. journalctl(1) reads it: the
 * format of the files is systemd's own, and a fallback is not worth linking a library.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/child.h"
#include "base/deadline.h"
#include "status/timeline/events.h"
#include "status/timeline/from.h"

enum { OUTPUT_MAX = 32 << 20 }; /* bytes: a kernel log of 10,000 records is about 8 MiB */

#define JOURNAL_NS (2 * NS_PER_S)

static const char *read_journal(struct timeline *timeline)
{
	static const char *const argv[] = { "journalctl", "-k", "-b",	"-q",
					    "--no-pager", "-o", "json", NULL };

	if (access("/run/log/journal", F_OK) != 0 &&
	    access("/var/log/journal", F_OK) != 0)
		return "there is no journal";

	char *buf = malloc(OUTPUT_MAX);
	long len = buf ? child_output(argv, deadline_after(JOURNAL_NS), buf, OUTPUT_MAX)
		       : -ENOMEM;
	int rc = len < 0 ? (int)len
			 : timeline_add_lines(timeline, buf, (size_t)len,
					      kmsg_parse_journal);

	free(buf);
	if (rc != 0 || timeline->records == 0)
		return "the journal has no kernel messages of this boot";
	timeline->origin = "journal";
	timeline->proven = true;
	return NULL;
}

const char *timeline_from_journal(struct timeline *timeline)
{
	if (!ask_begin("the journal"))
		return "the journal did not answer in time";

	const char *why = read_journal(timeline);

	ask_end();
	return why;
}
