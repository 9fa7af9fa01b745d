/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EVENTS_H
#define CRNG_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "status/timeline/kmsg.h"
#include "status/timeline/timeline.h"

/* The parts of timeline_collect(). */

/*
 * Takes one record into the timeline, in the log's order: counts it and, if it is the
 * kernel's and one of the RNG's messages, appends the event.
 */
void timeline_add(struct timeline *timeline, const struct kmsg_record *record);

/*
 * Takes all records in text, each a line that parse() knows. What is no record is
 * skipped. wrapped is set where the first one is not the first of a boot. Returns 0, or
 * -ENODATA where there is none.
 */
int timeline_add_lines(struct timeline *timeline, const char *text, size_t len,
		       int (*parse)(const char *, size_t, struct kmsg_record *));

/* Fill an empty timeline from one place; return NULL or why it cannot be read. */
const char *timeline_read_kmsg(struct timeline *timeline);
const char *timeline_read_journal(struct timeline *timeline);

#endif
