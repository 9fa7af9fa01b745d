/* SPDX-License-Identifier: MIT */
/*
 * Prints the data of one reader or parser of crng status: "timeline [DIR]" (of a captured
 * tree, or of this machine), "waiters [MILLISECONDS]", or the name of a parser, which
 * gets each line of standard input.
 */
#include "dump.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/root.h"
#include "status/waiters/waiters.h"

void dump_event(const struct timeline_event *event)
{
	printf("event %s usec=%" PRId64 " who=%s bytes=%" PRIu64 " missed=%" PRIu64
	       " bits=%" PRId64 "\n",
	       timeline_kind_name(event->kind), event->usec, event->who, event->bytes,
	       event->missed, event->bits);
}

static int dump_timeline(const char *path)
{
	int root = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : ROOT_LIVE;
	static struct timeline timeline;

	if (path && root < 0)
		return errno;
	timeline_collect(root, &timeline);
	printf("unknown=%s origin=%s not_kmsg=%s\n",
	       timeline.unknown ? timeline.unknown : "",
	       timeline.origin ? timeline.origin : "",
	       timeline.not_kmsg ? timeline.not_kmsg : "");

	printf("proven=%d wrapped=%d records=%" PRIu64 " lost=%" PRIu64
	       " spoofed=%" PRIu64 " dropped=%" PRIu64 "\n",
	       timeline.proven, timeline.wrapped, timeline.records, timeline.lost,
	       timeline.spoofed, timeline.dropped);
	for (size_t i = 0; i < timeline.count; i++)
		dump_event(&timeline.events[i]);
	return 0;
}

static int dump_waiters(const char *milliseconds)
{
	int64_t ns = milliseconds ? strtoll(milliseconds, NULL, 10) * 1000000 : 0;
	static struct waiters waiters;

	waiters_collect(&waiters, ns);
	printf("unknown=%s scanned=%d hidepid=%d examined=%" PRIu64 " hidden=%" PRIu64
	       " running=%" PRIu64 " skipped=%" PRIu64 " total=%zu count=%zu\n",
	       waiters.unknown ? waiters.unknown : "", waiters.scanned, waiters.hidepid,
	       waiters.examined, waiters.hidden, waiters.running, waiters.skipped,
	       waiters.total, waiters.count);
	for (size_t i = 0; i < waiters.count; i++) {
		const struct waiter *waiter = &waiters.list[i];

		printf("waiter %s%s pid=%d tid=%d comm=%s exe=%s unit=%s bytes=%" PRIu64
		       " waited_ns=%" PRId64 " age_ns=%" PRId64 "\n",
		       waiter_call_name(waiter->call), waiter->pool ? " pool" : "",
		       waiter->pid, waiter->tid, waiter->comm, waiter->exe, waiter->unit,
		       waiter->bytes, waiter->waited_ns, waiter->age_ns);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "timeline") == 0)
		return dump_timeline(argv[2]);
	if (strcmp(what, "waiters") == 0)
		return dump_waiters(argv[2]);
	return dump_lines(what);
}
