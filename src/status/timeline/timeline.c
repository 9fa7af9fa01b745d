/* SPDX-License-Identifier: MIT */
/* From records to a timeline: the running kernel's log, or a captured one. */
#include "status/timeline/events.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/boot-time.h"
#include "base/deadline.h"
#include "base/io.h"
#include "base/text.h"

enum {
	CAPTURE_MAX = 8 << 20, /* bytes of a captured log */
	NS_PER_USEC = 1000,
	USEC_PER_SEC = 1000000,
};

/* Makes room by forgetting the newest of a kind that has its share already. */
static void drop_excess(struct timeline *timeline, enum timeline_kind kind)
{
	size_t same = 0, newest = 0;

	for (size_t i = 0; i < timeline->count; i++) {
		if (timeline->events[i].kind != kind)
			continue;
		same++;
		newest = i;
	}
	if (same < TIMELINE_KEEP)
		return;
	timeline->count--;
	timeline->dropped++;
	memmove(&timeline->events[newest], &timeline->events[newest + 1],
		(timeline->count - newest) * sizeof(*timeline->events));
}

static void append(struct timeline *timeline, const struct timeline_event *event)
{
	uint64_t most = INT64_MAX - timeline->early_reads; /* what all formats can show */

	timeline->early_reads += event->reads < most ? event->reads : most;
	drop_excess(timeline, event->kind);
	timeline->events[timeline->count++] = *event;
}

void timeline_add(struct timeline *timeline, const struct kmsg_record *record)
{
	struct timeline_event event;
	bool is_event = timeline_parse_text(record->text, record->len, &event);

	if (record->facility != 0) {
		timeline->spoofed += is_event;
		return;
	}
	timeline->records++;
	event.usec = record->usec;
	if (is_event)
		append(timeline, &event);
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Its number tells; else the kernel's first words, or words from before its clock ran. */
static bool is_first_of_boot(const struct kmsg_record *record)
{
	if (record->seq != KMSG_SEQ_UNKNOWN)
		return record->seq == 0;
	return record->usec == 0 || starts_with(record->text, "Linux version ") ||
	       starts_with(record->text, "Booting Linux on ");
}

int timeline_add_lines(struct timeline *timeline, const char *text, size_t len,
		       int (*parse)(const char *, size_t, struct kmsg_record *))
{
	const char *end = text + len;
	bool first = true;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((newline ? newline : end) - text);
		struct kmsg_record record;

		if (parse(text, n, &record) == 0) {
			if (first)
				timeline->wrapped = !is_first_of_boot(&record);
			timeline_add(timeline, &record);
			first = false;
		}
		text += n + 1;
	}
	return first ? -ENODATA : 0;
}

static const char *read_captured(int root, struct timeline *timeline)
{
	char *text = malloc(CAPTURE_MAX);
	long len = text ? io_read_in(root, "/dev/kmsg", text, CAPTURE_MAX) : -ENOMEM;
	int rc = (int)len;

	if (len >= 0) {
		timeline->origin = "/dev/kmsg";
		timeline->proven = true;
		rc = timeline_add_lines(timeline, text, (size_t)len, kmsg_parse_record);
	} else if (len == -ENOENT) {
		timeline->not_kmsg = "the captured tree has no dev/kmsg";
		timeline->origin = "dmesg";
		len = io_read_in(root, "/dmesg", text, CAPTURE_MAX);
		rc = len < 0 ? (int)len
			     : timeline_add_lines(timeline, text, (size_t)len,
						  kmsg_parse_dmesg);
	}
	free(text);
	return rc == 0		? NULL
	       : rc == -ENOENT	? "the captured tree has no kernel log"
	       : rc == -ENODATA ? "the captured kernel log has no record"
				: text_error(-rc);
}

/* Empties it; what lies in events[] does not matter. */
static void reset(struct timeline *timeline)
{
	memset(timeline, 0, offsetof(struct timeline, events));
}

static const char *read_live(struct timeline *timeline)
{
	const char *why = timeline_read_kmsg(timeline);
	static struct timeline journal;

	reset(&journal);
	journal.not_kmsg = why;
	if (!why && (!timeline->wrapped || timeline_ready(timeline)))
		return NULL;
	if (!why)
		journal.not_kmsg = "/dev/kmsg has lost the early boot";

	const char *no_journal = timeline_read_journal(&journal);

	/* A journal is worth more than a log that has wrapped only if it knows more. */
	if (no_journal || (!why && !timeline_ready(&journal)))
		return why;
	timeline_copy(timeline, &journal);
	return NULL;
}

/* Wall clock at boot: now, less the time since then, suspend included. */
static int64_t live_boot_usec(void)
{
	struct timespec wall, since;

	if (clock_gettime(CLOCK_REALTIME, &wall) != 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &since) != 0)
		return -1;
	return (int64_t)(wall.tv_sec - since.tv_sec) * USEC_PER_SEC +
	       (wall.tv_nsec - since.tv_nsec) / NS_PER_USEC;
}

/* The log's clock may run ahead of all others, and nothing has happened in the future. */
static void clamp_to_now(struct timeline *timeline)
{
	struct timespec since;

	if (clock_gettime(CLOCK_BOOTTIME, &since) != 0)
		return;

	int64_t now = (int64_t)since.tv_sec * USEC_PER_SEC + since.tv_nsec / NS_PER_USEC;

	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].usec > now)
			timeline->events[i].usec = now;
}

static int64_t captured_boot_usec(int root)
{
	int64_t seconds = boot_time_captured(root);

	return seconds < 0 ? -1 : seconds * USEC_PER_SEC;
}

void timeline_collect(int root, struct timeline *timeline)
{
	reset(timeline);

	const char *why = root == IO_LIVE_ROOT ? read_live(timeline)
					       : read_captured(root, timeline);

	if (why)
		reset(timeline);
	if (root == IO_LIVE_ROOT)
		clamp_to_now(timeline);
	timeline->unknown = why;
	timeline->boot_usec = root == IO_LIVE_ROOT ? live_boot_usec()
						   : captured_boot_usec(root);
}
