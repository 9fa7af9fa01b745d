/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROGRESS_H
#define CRNG_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_wish {
	PROGRESS_NONE,
	PROGRESS_PATIENT, /* on a terminal, after STATUSLINE_PATIENCE_NS */
	PROGRESS_ALWAYS,
};

/* Shows on standard error how far crng bytes is. */
struct progress {
	uint64_t units; /* in all; SIZE_INFINITY: no end */
	int64_t start, next;
	int64_t interval;
	bool terminal;
	bool wanted; /* PROGRESS_ALWAYS */
};

/* Starts the clock. Returns false if nothing will ever be shown. */
bool progress_start(struct progress *progress, enum progress_wish wish, uint64_t units);

/*
 * Shows, if it is time to, how many units are written: on a terminal 10 times a second,
 * in a line that statusline_end() clears; elsewhere once a second. progress is a struct
 * progress, because pump.h calls this.
 */
void progress_update(void *progress, uint64_t units);

/*
 * To be called when all units are written: clears the line of a terminal; elsewhere,
 * where progress was asked for, says how long it took in a last line, which reads 100%.
 */
void progress_end(const struct progress *progress);

#endif
