/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WORKER_H
#define CRNG_WORKER_H

#include <pthread.h>

#include "pump.h"

/* A block from being taken to being written. Pages that are not touched cost nothing. */
struct slot {
	uint8_t bytes[BLOCK_UNITS];
	char text[BLOCK_TEXT];
	char scratch[BLOCK_TEXT];
	size_t used, used_text; /* at most, of bytes; of text and scratch */

	struct block block;
	const void *data; /* to be written: bytes or text */
	size_t len;
	int rc; /* of making it: 0 or -errno */
	bool ready;
};

/* What the workers share. lock guards all but the slot that a worker has taken. */
struct queue {
	struct pump *pump;
	bool bulk;	    /* enough for a state of the vDSO to pay off */
	struct slot *slots; /* block n is in slot n % slot_count */
	unsigned int slot_count;

	pthread_mutex_t lock;
	pthread_cond_t moved; /* written or error has changed */
	struct blocks_rest rest;
	uint64_t taken, written; /* blocks so far */
	uint64_t done;		 /* units written */
	bool writing;		 /* a worker is */
	int error;		 /* the first one, -errno; ends all work */
};

/* Works until nothing is left to take or there is an error. */
void worker_run(struct queue *queue);

/* Wipes what blocks and texts have been in the slots. */
void worker_wipe(const struct queue *queue);

#endif
