/* SPDX-License-Identifier: MIT */
/* Chooses the log that the timeline is made of: the kernel's own, or a captured one. */
#include "status/timeline/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/deadline.h"
#include "base/root.h"
#include "base/text.h"
#include "status/timeline/events.h"
#include "status/timeline/from.h"

enum { CAPTURE_MAX = 8 << 20 }; /* bytes of a captured log */

static const char *read_captured(int root, struct timeline *timeline)
{
	char *text = malloc(CAPTURE_MAX);
	long len = text ? root_read(root, "/dev/kmsg", text, CAPTURE_MAX) : -ENOMEM;
	int rc = (int)len;

	if (len >= 0) {
		timeline->origin = "/dev/kmsg";
		timeline->proven = true;
		rc = timeline_add_lines(timeline, text, (size_t)len, kmsg_parse_record);
	} else if (len == -ENOENT) {
		timeline->not_kmsg = "the captured tree has no dev/kmsg";
		timeline->origin = "dmesg";
		len = root_read(root, "/dmesg", text, CAPTURE_MAX);
		rc = len < 0 ? (int)len
			     : timeline_add_lines(timeline, text, (size_t)len,
						  kmsg_parse_dmesg);
	}
	free(text);
	return rc == 0		? NULL
	       : rc == -ENOENT	? "the captured tree has no kernel log"
	       : rc == -EINVAL	? "dev/kmsg in the captured tree is not a regular file"
	       : rc == -ENODATA ? "the captured kernel log has no records"
				: text_error(-rc);
}

static const char *read_live(struct timeline *timeline)
{
	const char *why = timeline_from_kmsg(timeline);
	static struct timeline journal;

	timeline_reset(&journal);
	journal.not_kmsg = why;
	if (!why && (!timeline->wrapped || timeline_ready(timeline)))
		return NULL;
	if (!why)
		journal.not_kmsg = "/dev/kmsg no longer reaches back to early boot";

	const char *no_journal = timeline_from_journal(&journal);

	/* The journal replaces a log that has wrapped only if it shows readiness. */
	if (no_journal || (!why && !timeline_ready(&journal)))
		return why;
	timeline_copy(timeline, &journal);
	return NULL;
}

/* The log's clock may run ahead of the others, but no event is in the future. */
static void clamp_to_now(struct timeline *timeline)
{
	struct timespec since;

	if (clock_gettime(CLOCK_BOOTTIME, &since) != 0)
		return;

	int64_t now = (int64_t)since.tv_sec * USEC_PER_S + since.tv_nsec / NS_PER_USEC;

	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].usec > now)
			timeline->events[i].usec = now;
}

void timeline_collect(int root, struct timeline *timeline)
{
	timeline_reset(timeline);

	const char *why = root == ROOT_LIVE ? read_live(timeline)
					    : read_captured(root, timeline);

	if (why)
		timeline_reset(timeline);
	if (root == ROOT_LIVE)
		clamp_to_now(timeline);
	timeline->unknown = why;
}
