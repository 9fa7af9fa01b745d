/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EVENTS_H
#define CRNG_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "status/timeline/kmsg.h"
#include "status/timeline/timeline.h"

/* The list of events, which the readers of the log fill. */

/* Empties the timeline; events[] may hold anything. */
void timeline_reset(struct timeline *timeline);

/*
 * Adds one record; the caller gives them in the log's order. Counts it and, if the kernel
 * wrote it and it is one of the RNG's messages, appends the event.
 */
void timeline_add(struct timeline *timeline, const struct kmsg_record *record);

/* Is it the first record of a boot, by its number or its text? */
bool timeline_begins(const struct kmsg_record *record);

/*
 * Adds all records in text, each a line that parse() understands; skips other lines.
 * Sets wrapped where the first record is not the first one of a boot. Returns 0, or
 * -ENODATA if there is no record.
 */
int timeline_add_lines(struct timeline *timeline, const char *text, size_t len,
		       int (*parse)(const char *, size_t, struct kmsg_record *));

#endif
