/* SPDX-License-Identifier: MIT */
/*
 * Workers make blocks in parallel. The blocks queue up to be written, whichever worker
 * made them: text in the order in which it was taken, raw bytes as they become ready. An
 * error queues up as well, and so means the same as with one worker: everything before it
 * is written, and nothing after it.
 */
#include "bytes/worker.h"

#include <string.h>

#include "base/io.h"
#include "bytes/generator.h"

/* One worker: its slots, and what it makes blocks with. */
struct worker {
	struct generator generator;
	struct slot *slots;
	uint8_t *bytes; /* text is made from these */
};

static size_t round_up(size_t size)
{
	return (size + WORKER_ALIGN - 1) / WORKER_ALIGN * WORKER_ALIGN;
}

static size_t slot_room(const struct job *job)
{
	return round_up(job->encoding ? records_text_max(job) : records_units_max(job));
}

static size_t bytes_room(const struct job *job)
{
	return job->encoding ? round_up(records_units_max(job)) : 0;
}

size_t worker_room(const struct job *job, unsigned int slots)
{
	return bytes_room(job) + slots * slot_room(job);
}

/* Gives the next worker its slots, and the slots their memory. */
static void begin(struct queue *q, struct worker *worker)
{
	const struct job *job = q->pump->job;
	uint8_t *memory = q->memory + q->workers * worker_room(job, q->slots_each);

	worker->slots = &q->slots[q->workers++ * q->slots_each];
	worker->bytes = memory;
	memory += bytes_room(job);
	for (unsigned int i = 0; i < q->slots_each; i++)
		worker->slots[i].data = memory + i * slot_room(job);
}

static int make(const struct job *job, struct worker *worker, struct slot *slot)
{
	const struct records_block *block = &slot->block;
	uint8_t *bytes = job->encoding ? worker->bytes : slot->data;
	int rc = generator_fill(&worker->generator, bytes, block->units);

	slot->bytes = block->units;
	if (rc == 0 && job->encoding)
		slot->bytes = records_text(job, block, bytes, slot->data);
	return rc;
}

static int write_slot(struct queue *q, const struct slot *slot)
{
	struct pump *pump = q->pump;

	pump->stream_failed = slot->rc != 0;

	int rc = slot->rc != 0 ? slot->rc
			       : io_write_full(pump->fd, slot->data, slot->bytes);

	if (rc != 0)
		return rc;
	q->units += slot->block.units;
	if (pump->on_progress)
		pump->on_progress(pump->data, q->units);
	return 0;
}

/* The first slot in the line, if it is ready. */
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
	/* After an error all workers must wake up to see it. */
	for (unsigned int i = 0; q->error != 0 && i < q->slot_count; i++)
		pthread_cond_signal(&q->slots[i].freed);
}

/*
 * Writes the blocks that are ready and whose turn it is. One worker at a time does that,
 * without the lock; the others make blocks meanwhile.
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

/* Takes the next block into the slot; false: no block is left, or there is an error. */
static bool take(struct queue *q, struct slot *slot)
{
	while (q->error == 0 && slot->taken)
		pthread_cond_wait(&slot->freed, &q->lock);
	if (q->error != 0 || !records_next(q->pump->job, &q->rest, &slot->block))
		return false;
	slot->taken = slot->used = true;
	if (q->pump->job->encoding)
		line_up(q, slot);
	return true;
}

/* The slots are used in turn, so the one that is waited for is the first to be free. */
void worker_run(struct queue *q)
{
	const struct job *job = q->pump->job;
	struct worker worker = {
		.generator = { .job = job, .way = GENERATOR_CALL },
	};

	if (q->large)
		generator_open(&worker.generator);
	pthread_mutex_lock(&q->lock);
	begin(q, &worker);

	unsigned int turn = 0;

	for (struct slot *slot = worker.slots; take(q, slot);
	     slot = &worker.slots[++turn % q->slots_each]) {
		pthread_mutex_unlock(&q->lock);
		slot->rc = make(job, &worker, slot);
		pthread_mutex_lock(&q->lock);
		slot->ready = true;
		if (!job->encoding)
			line_up(q, slot);
		write_ready(q);
	}
	pthread_mutex_unlock(&q->lock);
	generator_close(&worker.generator);
}

/* Only memory that was used: a key of 32 bytes must not touch two megabytes. */
void worker_wipe(const struct queue *q)
{
	const struct job *job = q->pump->job;
	size_t room = worker_room(job, q->slots_each);

	for (unsigned int i = 0; i < q->slot_count; i++) {
		if (!q->slots[i].used)
			continue;
		explicit_bzero(q->slots[i].data, slot_room(job));
		explicit_bzero(q->memory + i / q->slots_each * room, bytes_room(job));
	}
}
