/* SPDX-License-Identifier: MIT */
#ifndef CRNG_VERDICT_H
#define CRNG_VERDICT_H

#include "status/facts.h"
#include "status/history/history.h"
#include "status/render/chart.h"

/* How the state is called, its mark in UTF-8 and in ASCII, and its colour. */
struct verdict_state {
	const char *name;
	const char *unicode, *ascii;
	enum chart_tone tone;
};

/* The state, which points to a static object. */
const struct verdict_state *verdict_state(const struct facts *facts);

/* How it came about, as one sentence that begins with a small letter or a number. */
void verdict_sentence(const struct facts *facts, char *text, size_t size);

/* For how long a boot was not ready (history_not_ready()), as a part of a sentence. */
void verdict_not_ready(const struct history_boot *boot, char *text, size_t size);

/*
 * The last moment, in microseconds since boot, when the RNG was not ready, as the log
 * tells: an early read, or fast init where that is not enough. 0: it tells of none.
 */
int64_t verdict_last_unready(const struct facts *facts);

/* Do the bits in the pool count towards readiness, and is their number known? */
bool verdict_counts(const struct facts *facts);

#endif
