/* SPDX-License-Identifier: MIT */
/* The list of events, in which each kind has a share of the room. */
#include "status/timeline/events.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

void timeline_reset(struct timeline *timeline)
{
	memset(timeline, 0, offsetof(struct timeline, events));
}

void timeline_copy(struct timeline *to, const struct timeline *from)
{
	memcpy(to, from,
	       offsetof(struct timeline, events) + from->count * sizeof(from->events[0]));
}

/* Makes room by dropping the newest event of a kind that has its full share. */
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
	/* INT64_MAX is the greatest number that all formats can show. */
	uint64_t most = INT64_MAX - timeline->early_reads;

	timeline->early_reads += event->reads < most ? event->reads : most;
	drop_excess(timeline, event->kind);
	timeline->events[timeline->count++] = *event;
}

/* Adds a record, which is one of the RNG's messages unless event is NULL. */
static void add(struct timeline *timeline, bool forged,
		const struct timeline_event *event)
{
	if (forged)
		timeline->spoofed += event != NULL;
	else
		timeline->records++;
	if (!forged && event)
		append(timeline, event);
}

void timeline_add(struct timeline *timeline, const struct kmsg_record *record)
{
	struct timeline_event event;
	bool is_event = timeline_parse_text(record->text, record->len, &event);

	event.usec = record->usec;
	add(timeline, record->facility != 0, is_event ? &event : NULL);
}

void timeline_begin_journal(struct timeline *timeline)
{
	timeline_reset(timeline);
	timeline->origin = "journal";
	timeline->not_kmsg = "only the journal was asked";
	timeline->proven = true;
}

void timeline_add_entry(struct timeline *timeline, const struct timeline_entry *entry)
{
	if (!entry->kernel)
		return;
	if (timeline->records == 0 && !entry->forged)
		timeline->wrapped = !entry->begins;
	add(timeline, entry->forged, entry->is_event ? &entry->event : NULL);
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* By its number, or else by the kernel's first words or a time before its clock ran. */
bool timeline_begins(const struct kmsg_record *record)
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
				timeline->wrapped = !timeline_begins(&record);
			timeline_add(timeline, &record);
			first = false;
		}
		text += n + 1;
	}
	return first ? -ENODATA : 0;
}

bool timeline_is_complete(const struct timeline *timeline)
{
	return !timeline->unknown && !timeline->not_kmsg && !timeline->wrapped &&
	       timeline->lost == 0;
}

bool timeline_has(const struct timeline *timeline, enum timeline_kind kind)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].kind == kind)
			return true;
	return false;
}

const struct timeline_event *timeline_ready(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *event = &timeline->events[i];

		if (event->kind == TIMELINE_READY ||
		    event->kind == TIMELINE_READY_TRUSTED ||
		    event->kind == TIMELINE_POOL_READY)
			return event;
	}
	return NULL;
}
