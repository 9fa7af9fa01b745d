/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PUMP_H
#define CRNG_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes/job.h"

/* The most workers that jobs can ask for. */
#define PUMP_JOBS_MAX 256u

struct pump {
	const struct job *job; /* its stream is open */
	int fd;		       /* write here */

	/* Called by one worker at a time after each block, with the units written. */
	void (*on_progress)(void *data, uint64_t units);
	void *data;

	/* Set by pump_run(): its error came from the stream, not from the descriptor. */
	bool stream_failed;
};

/*
 * Makes what the job says and writes it to the descriptor, in as many threads as make
 * sense: one for less than 1 MiB, fewer than jobs where there are fewer blocks, or where
 * threads or memory (memory.h) run short. To be called once per process. Blocks are
 * written whole, those of text in order. The first error ends everything; no byte is
 * written after it. Core dumps are off while bytes are in memory, and no copy is left
 * there on return, whatever the result. Returns 0 when all was written, else -errno of
 * that error; -EPIPE only where SIGPIPE is ignored or blocked.
 */
int pump_run(struct pump *pump);

#endif
