/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROGRESS_H
#define CRNG_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_wish {
	PROGRESS_NONE,
	PROGRESS_PATIENT, /* on a terminal, when it takes over two seconds */
	PROGRESS_ALWAYS,
};

/* How far crng bytes is, on standard error: one line of a terminal, drawn again and
 * again. */
struct progress {
	uint64_t units; /* in all; SIZE_INFINITY: no end */
	int64_t start, next;
	int64_t interval;
	bool terminal;
};

/* Starts the clock. Returns false where nothing is ever to be shown. */
bool progress_start(struct progress *progress, enum progress_wish wish, uint64_t units);

/*
 * Shows, if it is time to, that so many units are written: on a terminal 10 times a
 * second, in a line that statusline_end() clears; elsewhere once a second. progress is a
 * struct progress, because pump.h calls this.
 */
void progress_update(void *progress, uint64_t units);

#endif
