/* SPDX-License-Identifier: MIT */
/* Writes a job to a descriptor, with as many workers as pay off. */
#include "bytes/pump.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "bytes/chacha.h"
#include "bytes/cpus.h"
#include "bytes/memory.h"
#include "bytes/worker.h"

enum {
	LARGE_FROM = 1 << 20,
	PIPE_SIZE = 1 << 20,
	CROWD = 16, /* workers; with more, one slot each keeps the writer busy */
	MEMORY_MAX = 1 << 26,  /* for all workers, unless their number was asked for */
	MEMORY_SHARE = 4,      /* but at most a quarter of what we may use */
	MEMORY_EACH = 1 << 16, /* for a worker besides its blocks: stack, state */
};

static void *run_thread(void *queue)
{
	worker_run(queue);
	return NULL;
}

static unsigned int slots_each(unsigned int workers)
{
	return workers > CROWD ? 1 : SLOTS_EACH;
}

/* The memory that this many workers need, in bytes. */
static uint64_t memory_of(const struct job *job, unsigned int workers)
{
	return workers * ((uint64_t)worker_room(job, slots_each(workers)) + MEMORY_EACH);
}

/* As many of these workers as there is memory for. */
static unsigned int fit_memory(const struct job *job, unsigned int workers)
{
	uint64_t most = memory_usable() / MEMORY_SHARE;

	if (job->jobs == 0 && most > MEMORY_MAX)
		most = MEMORY_MAX;
	while (workers > 1 && memory_of(job, workers) > most)
		workers--;
	return workers;
}

/*
 * One for each CPU, unless jobs says otherwise, but no more than there are blocks, or
 * memory for. Before Linux 5.6 the pool that GRND_RANDOM reads is soon empty, and one
 * worker is enough to wait for it.
 */
static unsigned int count_workers(const struct queue *q, uint64_t units)
{
	const struct job *job = q->pump->job;
	uint64_t blocks = units / RECORDS_BLOCK_UNITS + 1;
	unsigned int jobs = job->jobs;

	if (!q->large || (job->stream.kind == RNG_RANDOM && rng_knows_insecure() != 0))
		return 1;
	if (jobs == 0)
		jobs = cpus_usable();
	if (jobs > PUMP_JOBS_MAX)
		jobs = PUMP_JOBS_MAX;
	if (jobs > blocks)
		jobs = (unsigned int)blocks;
	return jobs > 1 ? fit_memory(job, jobs) : 1;
}

/* Gets memory for this number of workers, or for fewer; returns their number. */
static unsigned int get_memory(struct queue *q, unsigned int workers, size_t *size)
{
	static _Alignas(WORKER_ALIGN) uint8_t memory[WORKER_ROOM_MAX];

	for (; workers > 1; workers /= 2) {
		q->slots_each = slots_each(workers);
		*size = workers * worker_room(q->pump->job, q->slots_each);
		q->memory = mmap(NULL, *size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (q->memory != MAP_FAILED)
			return workers;
	}
	q->slots_each = SLOTS_EACH;
	*size = 0;
	q->memory = memory;
	return 1;
}

/* This thread is a worker, too: the only one where no other can be started. */
static void run_workers(struct queue *q, unsigned int workers)
{
	pthread_t threads[PUMP_JOBS_MAX];
	unsigned int started = 0;
	size_t size;

	workers = get_memory(q, workers, &size);
	q->slot_count = q->slots_each * workers;
	for (unsigned int i = 0; i < q->slot_count; i++)
		pthread_cond_init(&q->slots[i].freed, NULL);
	while (started + 1 < workers &&
	       pthread_create(&threads[started], NULL, run_thread, q) == 0)
		started++;
	worker_run(q);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	worker_wipe(q);
	if (size > 0)
		munmap(q->memory, size);
}

/* Enlarges a pipe, up to the user's limit, so that both ends sleep less. */
static void grow_pipe(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	for (int larger = PIPE_SIZE; size >= 0 && larger > size; larger /= 2) {
		if (fcntl(fd, F_SETPIPE_SZ, larger) >= 0)
			return;
	}
}

int pump_run(struct pump *pump)
{
	static struct queue queue = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct job *job = pump->job;
	uint64_t units = records_units(job);
	int rc = job->fast ? chacha_init(&job->stream) : 0;

	pump->stream_failed = rc != 0;
	if (rc != 0)
		return rc;
	queue.pump = pump;
	queue.large = units >= LARGE_FROM;
	queue.rest.records = job->repeat;
	if (queue.large)
		grow_pipe(pump->fd);

	int dumpable = prctl(PR_GET_DUMPABLE);

	prctl(PR_SET_DUMPABLE, 0);
	run_workers(&queue, count_workers(&queue, units));
	if (job->fast)
		chacha_scrub();
	prctl(PR_SET_DUMPABLE, dumpable);
	return queue.error;
}
