/* SPDX-License-Identifier: MIT */
/*
 * Workers make blocks side by side, which stand in line to be written, whoever made them:
 * text in order, as it is taken, raw bytes as they get ready. An error stands in line as
 * well, and so means what it means with one worker: all before it is written, and nothing
 * behind it.
 */
#include "bytes/worker.h"

#include <sodium.h>

#include "base/io.h"
#include "bytes/generator.h"

/* One worker: its slots, and what it makes blocks with. */
struct worker {
	struct generator generator;
	struct slot *slots;
	uint8_t *bytes; /* that text is made from */
};

static size_t round_up(size_t size)
{
	return (size + WORKER_ALIGN - 1) / WORKER_ALIGN * WORKER_ALIGN;
}

static size_t slot_room(const struct blocks *blocks)
{
	return round_up(blocks->encoding ? records_text_max(blocks)
					 : records_units_max(blocks));
}

static size_t bytes_room(const struct blocks *blocks)
{
	return blocks->encoding ? round_up(records_units_max(blocks)) : 0;
}

size_t worker_room(const struct blocks *blocks, unsigned int slots)
{
	return bytes_room(blocks) + slots * slot_room(blocks);
}

/* Gives the next worker its slots, and them their memory. */
static void begin(struct queue *q, struct worker *worker)
{
	const struct blocks *blocks = q->pump->blocks;
	uint8_t *memory = q->memory + q->workers * worker_room(blocks, q->slots_each);

	worker->slots = &q->slots[q->workers++ * q->slots_each];
	worker->bytes = memory;
	memory += bytes_room(blocks);
	for (unsigned int i = 0; i < q->slots_each; i++)
		worker->slots[i].data = memory + i * slot_room(blocks);
}

static int make(const struct blocks *blocks, struct worker *worker, struct slot *slot)
{
	size_t n = slot->block.records * slot->block.units;
	uint8_t *bytes = blocks->encoding ? worker->bytes : slot->data;
	int rc = generator_fill(&worker->generator, bytes, n);

	slot->len = n;
	if (rc == 0 && blocks->encoding)
		slot->len = records_text(blocks, &slot->block, bytes, slot->data);
	return rc;
}

static int write_slot(struct queue *q, const struct slot *slot)
{
	int rc = slot->rc;

	if (rc == 0)
		rc = io_write_full(q->pump->fd, slot->data, slot->len);
	else
		q->pump->stream_failed = true;
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
	if (q->error != 0 || !records_next(q->pump->blocks, &q->rest, &slot->block))
		return false;
	slot->taken = slot->used = true;
	if (q->pump->blocks->encoding)
		line_up(q, slot);
	return true;
}

/* The slots are used in turn, so the one that is waited for is the first to be free. */
void worker_run(struct queue *q)
{
	const struct pump *pump = q->pump;
	struct worker worker = {
		.generator = { pump->stream, pump->chars, pump->fast,
			       .way = GENERATOR_CALL },
	};

	if (q->large)
		generator_open(&worker.generator);
	pthread_mutex_lock(&q->lock);
	begin(q, &worker);

	unsigned int turn = 0;

	for (struct slot *slot = worker.slots; take(q, slot);
	     slot = &worker.slots[++turn % q->slots_each]) {
		pthread_mutex_unlock(&q->lock);
		slot->rc = make(pump->blocks, &worker, slot);
		pthread_mutex_lock(&q->lock);
		slot->ready = true;
		if (!pump->blocks->encoding)
			line_up(q, slot);
		write_ready(q);
	}
	pthread_mutex_unlock(&q->lock);
	generator_close(&worker.generator);
}

/* Only where something was made: a key of 32 bytes does not touch two megabytes. */
void worker_wipe(const struct queue *q)
{
	const struct blocks *blocks = q->pump->blocks;
	size_t room = worker_room(blocks, q->slots_each);

	for (unsigned int i = 0; i < q->slot_count; i++) {
		if (!q->slots[i].used)
			continue;
		sodium_memzero(q->slots[i].data, slot_room(blocks));
		sodium_memzero(q->memory + i / q->slots_each * room, bytes_room(blocks));
	}
}
