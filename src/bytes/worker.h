/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WORKER_H
#define CRNG_WORKER_H

#include <pthread.h>

#include "bytes/pump.h"
#include "bytes/records.h"

/*
 * A block from the time it is taken until it is written. A slot belongs to one worker for
 * good, so that each block is made in the cache of the CPU where the last one was.
 */
struct slot {
	struct records_block block;
	void *data; /* to be written: bytes or text */
	size_t bytes;
	int rc;	   /* of making it: 0 or -errno */
	bool used; /* holds something to be wiped */
	bool taken, ready;
	pthread_cond_t freed; /* written, or there is an error */
};

enum { SLOTS_EACH = 2, SLOTS_MAX = SLOTS_EACH * PUMP_JOBS_MAX };

/* What the workers share. lock guards all but the slots that are taken and not ready. */
struct queue {
	struct pump *pump;
	bool large;		 /* enough units for a state of the vDSO to pay off */
	unsigned int slots_each; /* at most SLOTS_EACH */
	unsigned int slot_count; /* slots_each for each worker */
	struct slot slots[SLOTS_MAX];
	uint8_t *memory; /* worker_room() bytes for each worker */

	pthread_mutex_t lock;
	unsigned int workers; /* that have started */
	struct records_rest rest;
	struct slot *line[SLOTS_MAX]; /* to be written; the nth is in n % slot_count */
	uint64_t lined_up, written;   /* slots so far */
	uint64_t units;		      /* written */
	bool writing;		      /* some worker is */
	int error;		      /* the first one, -errno; ends all work */
};

/*
 * The memory in bytes that a worker with that many slots needs: a block in each, of bytes
 * or of text; for text also the bytes that it is made from. At most WORKER_ROOM_MAX.
 */
size_t worker_room(const struct job *job, unsigned int slots);

/* Blocks begin at multiples of this, so that no two share a line of the cache. */
#define WORKER_ALIGN ((size_t)64)

#define WORKER_ROOM_MAX \
	(RECORDS_BLOCK_UNITS + SLOTS_EACH * (RECORDS_BLOCK_TEXT + WORKER_ALIGN))

/* Makes and writes blocks until none is left or there is an error. */
void worker_run(struct queue *queue);

/* Wipes what has been in the memory of the workers. */
void worker_wipe(const struct queue *queue);

#endif
