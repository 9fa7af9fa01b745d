/* SPDX-License-Identifier: MIT */
#ifndef CRNG_GENERATOR_H
#define CRNG_GENERATOR_H

#include <stdbool.h>

#include "bytes/job.h"
#include "rng/vgetrandom.h"

/* The two ways to the same bytes: which one is faster depends on the CPU. */
enum generator_way { GENERATOR_VDSO, GENERATOR_CALL, GENERATOR_WAYS };

/* How one worker takes bytes from the stream that all workers share. */
struct generator {
	const struct job *job;

	/* Set by generator_open() and generator_fill(). */
	bool mapped; /* the vDSO can be used */
	struct vgetrandom vdso;
	enum generator_way way; /* the faster one when they were last compared */
	unsigned int fills;	/* until they are compared again */
};

/*
 * Prepares to take bytes through the vDSO where that gives the same as the stream:
 * getrandom(2) without flags, from a CRNG known to be ready. Where the vDSO cannot be
 * used, the stream alone is, which is not an error.
 */
void generator_open(struct generator *generator);

/*
 * Fills buf with exactly that many units. Where the vDSO can be used, the first large
 * fill is made both ways, slice by slice, and each slice is timed; the faster way makes
 * the following ones. Every few dozen mebibytes the two are compared again, because the
 * load of a machine changes and virtual machines move. Returns 0 or -errno of
 * stream_fill().
 */
int generator_fill(struct generator *generator, uint8_t *buf, size_t units);

void generator_close(struct generator *generator);

#endif
