/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WORKER_H
#define CRNG_WORKER_H

#include <pthread.h>

#include "pump.h"

/*
 * A block from being taken to being written. A slot is one worker's for good, so that the
 * block is made in the cache of the CPU where the last one was. Pages that are not
 * touched cost nothing.
 */
struct slot {
	uint8_t bytes[BLOCK_UNITS];
	_Alignas(64) char text[BLOCK_TEXT];
	_Alignas(64) char scratch[BLOCK_TEXT];
	size_t used, used_text; /* at most, of bytes; of text and scratch */

	struct block block;
	const void *data; /* to be written: bytes or text */
	size_t len;
	int rc; /* of making it: 0 or -errno */
	bool taken, ready;
	pthread_cond_t freed; /* written, or there is an error */
};

enum { SLOTS_EACH = 2, SLOTS_MAX = SLOTS_EACH * PUMP_JOBS_MAX };

/* What the workers share. lock guards all but the slots that are taken and not ready. */
struct queue {
	struct pump *pump;
	bool bulk;	    /* enough for a state of the vDSO to pay off */
	struct slot *slots; /* SLOTS_EACH for each worker */
	unsigned int slot_count;

	pthread_mutex_t lock;
	unsigned int workers; /* that have begun */
	struct blocks_rest rest;
	struct slot *line[SLOTS_MAX]; /* to be written; the nth is in n % slot_count */
	uint64_t lined_up, written;   /* slots so far */
	uint64_t done;		      /* units written */
	bool writing;		      /* a worker is */
	int error;		      /* the first one, -errno; ends all work */
};

/* Works until nothing is left to take or there is an error. */
void worker_run(struct queue *queue);

/* Wipes what blocks and texts have been in the slots. */
void worker_wipe(const struct queue *queue);

#endif
