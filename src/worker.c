/* SPDX-License-Identifier: MIT */
/*
 * Workers make blocks side by side. Blocks are written in order, whoever made them: text
 * needs that, and an error then means what it means with one worker, that all before it
 * is written and nothing behind it.
 */
#include "worker.h"

#include <sodium.h>

#include "bulk.h"
#include "io.h"

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static int make(const struct blocks *blocks, const struct bulk *bulk, struct slot *slot)
{
	size_t n = slot->block.records * slot->block.units;

	slot->used = larger(slot->used, n);
	slot->data = slot->bytes;
	slot->len = n;

	int rc = bulk_fill(bulk, slot->bytes, n);

	if (rc == 0 && blocks->encoding) {
		slot->data = slot->text;
		slot->len = blocks_text(blocks, &slot->block, slot->bytes, slot->text,
					slot->scratch);
		slot->used_text = larger(slot->used_text, slot->len);
	}
	return rc;
}

static int write_slot(struct queue *q, const struct slot *slot)
{
	int rc = slot->rc;

	if (rc == 0)
		rc = io_write_full(q->pump->fd, slot->data, slot->len);
	else
		q->pump->source_failed = true;
	if (rc == 0) {
		q->done += slot->block.records * slot->block.units;
		if (q->pump->on_progress)
			q->pump->on_progress(q->pump->data, q->done);
	}
	return rc;
}

/*
 * Writes what is ready and has its turn, one worker at a time and without the lock; the
 * others make blocks meanwhile.
 */
static void write_ready(struct queue *q)
{
	struct slot *slot;

	if (q->writing)
		return;
	q->writing = true;
	while (q->error == 0 && (slot = &q->slots[q->written % q->slot_count])->ready) {
		slot->ready = false;
		pthread_mutex_unlock(&q->lock);
		int rc = write_slot(q, slot);

		pthread_mutex_lock(&q->lock);
		q->error = rc;
		q->written++;
		pthread_cond_broadcast(&q->moved);
	}
	q->writing = false;
}

/* Takes the next block when a slot is free; NULL: there is none any more, or an error. */
static struct slot *take(struct queue *q)
{
	struct block block;
	struct slot *slot;

	while (q->error == 0 && q->taken - q->written == q->slot_count)
		pthread_cond_wait(&q->moved, &q->lock);
	if (q->error != 0 || !blocks_next(q->pump->blocks, &q->rest, &block))
		return NULL;
	slot = &q->slots[q->taken++ % q->slot_count];
	slot->block = block;
	return slot;
}

void worker_run(struct queue *q)
{
	const struct pump *pump = q->pump;
	struct bulk bulk = { pump->source, pump->chars, pump->fast, .mapped = false };
	struct slot *slot;

	if (q->bulk)
		bulk_open(&bulk);
	pthread_mutex_lock(&q->lock);
	while ((slot = take(q))) {
		pthread_mutex_unlock(&q->lock);
		slot->rc = make(pump->blocks, &bulk, slot);
		pthread_mutex_lock(&q->lock);
		slot->ready = true;
		write_ready(q);
	}
	pthread_mutex_unlock(&q->lock);
	bulk_close(&bulk);
}

/* Only as far as it was used: a key of 32 bytes does not touch two megabytes. */
void worker_wipe(const struct queue *q)
{
	for (unsigned int i = 0; i < q->slot_count; i++) {
		struct slot *slot = &q->slots[i];

		sodium_memzero(slot->bytes, slot->used);
		sodium_memzero(slot->text, slot->used_text);
		if (q->pump->blocks->columns > 0)
			sodium_memzero(slot->scratch, slot->used_text);
	}
}
