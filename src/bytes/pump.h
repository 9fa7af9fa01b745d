/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PUMP_H
#define CRNG_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes/chars.h"
#include "bytes/records.h"
#include "rng/stream.h"

/* The most workers that jobs can ask for. */
#define PUMP_JOBS_MAX 256u

struct pump {
	const struct stream *stream;
	const struct blocks *blocks;
	const struct chars *chars; /* with encoding_chars: draw from these, else NULL */
	bool fast;		   /* chacha.h */
	unsigned int jobs;	   /* workers; 0: one for each CPU (cpus.h) */
	int fd;			   /* where to */

	/* Called by one worker at a time behind each block, with the units done so far.
	 */
	void (*on_progress)(void *data, uint64_t done);
	void *data;

	bool stream_failed; /* set: which end an error came from */
};

/*
 * Moves what the blocks say from the stream to the descriptor, in as many threads as
 * make sense: one for less than 1 MiB, fewer than jobs where there are fewer blocks, or
 * where threads or memory (memory.h) run short. Once per process. Blocks are written
 * whole, those of text in order. The first error ends all; not a byte is written behind
 * it. Core dumps are off while bytes are in memory, and no copy is left there on return,
 * whatever the result. Returns 0 when all was written, else -errno of that error; -EPIPE
 * only where SIGPIPE is ignored or blocked.
 */
int pump_run(struct pump *pump);

#endif
