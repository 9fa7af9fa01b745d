/* SPDX-License-Identifier: MIT */
/*
 * Workers make blocks side by side, which stand in line to be written, whoever made them:
 * text in order, as it is taken, raw bytes as they get ready. An error stands in line as
 * well, and so means what it means with one worker: all before it is written, and nothing
 * behind it.
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

/* The first one in line, if it is ready. */
static struct slot *next_ready(const struct queue *q)
{
	struct slot *slot = q->line[q->written % q->slot_count];

	return q->error == 0 && slot && slot->ready ? slot : NULL;
}

static void free_slot(struct queue *q, struct slot *slot)
{
	q->line[q->written++ % q->slot_count] = NULL;
	slot->taken = slot->ready = false;
	pthread_cond_signal(&slot->freed);
	/* On an error everyone is to see it. */
	for (unsigned int i = 0; q->error != 0 && i < q->slot_count; i++)
		pthread_cond_signal(&q->slots[i].freed);
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
	while ((slot = next_ready(q))) {
		pthread_mutex_unlock(&q->lock);
		int rc = write_slot(q, slot);

		pthread_mutex_lock(&q->lock);
		q->error = rc;
		free_slot(q, slot);
	}
	q->writing = false;
}

static void line_up(struct queue *q, struct slot *slot)
{
	q->line[q->lined_up++ % q->slot_count] = slot;
}

/* Takes the next block into the slot; false: there is none any more, or an error. */
static bool take(struct queue *q, struct slot *slot)
{
	while (q->error == 0 && slot->taken)
		pthread_cond_wait(&slot->freed, &q->lock);
	if (q->error != 0 || !blocks_next(q->pump->blocks, &q->rest, &slot->block))
		return false;
	slot->taken = true;
	if (q->pump->blocks->encoding)
		line_up(q, slot);
	return true;
}

/* The slots are used in turn, so the one that is waited for is the first to be free. */
void worker_run(struct queue *q)
{
	const struct pump *pump = q->pump;
	struct bulk bulk = { pump->source, pump->chars, pump->fast, .mapped = false };

	if (q->bulk)
		bulk_open(&bulk);
	pthread_mutex_lock(&q->lock);

	struct slot *own = &q->slots[SLOTS_EACH * q->workers++], *slot = own;

	while (take(q, slot)) {
		pthread_mutex_unlock(&q->lock);
		slot->rc = make(pump->blocks, &bulk, slot);
		pthread_mutex_lock(&q->lock);
		slot->ready = true;
		if (!pump->blocks->encoding)
			line_up(q, slot);
		write_ready(q);
		slot = own + (slot - own + 1) % SLOTS_EACH;
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
