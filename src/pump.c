/* SPDX-License-Identifier: MIT */
/* Bulk: from a source of bytes to one descriptor, with as many workers as that is worth.
 */
#include "pump.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "cpus.h"
#include "expand.h"
#include "parse.h"
#include "worker.h"

enum { BULK_FROM = 1 << 20, PIPE_SIZE = 1 << 20 };

static void *run_thread(void *queue)
{
	worker_run(queue);
	return NULL;
}

/*
 * One for each CPU, unless told; no more than there are blocks. Before Linux 5.6 what
 * GRND_RANDOM reads is empty soon, and one who waits for it is enough.
 */
static unsigned int count_workers(const struct queue *q, uint64_t total)
{
	const struct pump *pump = q->pump;
	uint64_t blocks = total / BLOCK_UNITS + 1;
	unsigned int jobs = pump->jobs;

	if (!q->bulk || (pump->source->kind == RNG_RANDOM && rng_knows_insecure() != 0))
		return 1;
	if (jobs == 0)
		jobs = cpus_usable();
	if (jobs > PUMP_JOBS_MAX)
		jobs = PUMP_JOBS_MAX;
	return jobs < blocks ? jobs : (unsigned int)blocks;
}

/* This thread is a worker, too: the only one where no other can be started. */
static void run_workers(struct queue *q, unsigned int workers)
{
	static struct slot slots[SLOTS_EACH];
	pthread_t threads[PUMP_JOBS_MAX];
	unsigned int started = 0;
	size_t size = SLOTS_EACH * workers * sizeof(*slots);

	q->slots = workers == 1 ? MAP_FAILED
				: mmap(NULL, size, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (q->slots == MAP_FAILED) {
		q->slots = slots;
		workers = 1;
	}
	q->slot_count = SLOTS_EACH * workers;
	for (unsigned int i = 0; i < q->slot_count; i++)
		pthread_cond_init(&q->slots[i].freed, NULL);
	while (started + 1 < workers &&
	       pthread_create(&threads[started], NULL, run_thread, q) == 0)
		started++;
	worker_run(q);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	worker_wipe(q);
	if (q->slots != slots)
		munmap(q->slots, size);
}

/* A larger pipe makes both ends sleep less. As much as the user is allowed. */
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
	uint64_t total = blocks_total(pump->blocks);
	struct queue queue = {
		.pump = pump,
		.bulk = total >= BULK_FROM,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.rest = { .records = pump->blocks->repeat },
	};

	if (pump->fast) {
		int rc = expand_init(pump->source);

		pump->source_failed = rc != 0;
		if (rc != 0)
			return rc;
	}
	if (queue.bulk)
		grow_pipe(pump->fd);

	int dumpable = prctl(PR_GET_DUMPABLE);

	prctl(PR_SET_DUMPABLE, 0);
	run_workers(&queue, count_workers(&queue, total));
	if (pump->fast)
		expand_scrub();
	prctl(PR_SET_DUMPABLE, dumpable);
	return queue.error;
}
