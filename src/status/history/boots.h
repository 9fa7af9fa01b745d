/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HISTORY_BOOTS_H
#define CRNG_HISTORY_BOOTS_H

#include "status/history/history.h"

/* The list of boots while it is made, from entries that come newest first. Pure. */

/*
 * Counts the entry in its boot: history->boot[] is in the order of discovery, the newest
 * first. Returns false where there is no room for another boot.
 */
bool boots_take(struct history *history, const struct timeline_entry *entry);

/* Puts the oldest boot first, and numbers all. */
void boots_finish(struct history *history);

/*
 * Adds the boots that only wtmp has: times is in seconds since the epoch, the latest at
 * the end. Keeps at most max of all boots, the newest.
 */
void boots_merge(struct history *history, const uint64_t *times, size_t count,
		 size_t max);

/* The place of the boot that is meant in a finished list, or -1: it is not there. */
int boots_find(const struct history *history, const struct history_wanted *wanted);

#endif
