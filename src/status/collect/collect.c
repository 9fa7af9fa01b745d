/* SPDX-License-Identifier: MIT */
/*
 * Gathers the facts, step by step, in a child process, so that a file system that does
 * not answer costs the facts that lie on it and never the report.
 */
#include "status/collect/collect.h"

#include <errno.h>
#include <fcntl.h>

#include "base/aside.h"
#include "base/ask.h"
#include "base/deadline.h"
#include "base/fork.h"
#include "base/root.h"
#include "base/text.h"
#include "rng/rng.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"
#include "status/judge.h"

#define SAMPLE_MIN_NS (200 * NS_PER_MS)

static const char no_process[] = "no process could be started to examine it";
static const char no_time[] = "other sources did not answer, and the time ran out";

/* Shared by this process and the one that gathers. */
struct gathering {
	const char *tree; /* NULL: the running system */
	enum collect_depth depth;
	int error;     /* -errno of opening the tree, or 0 */
	size_t next;   /* step */
	int64_t waste; /* nanoseconds lost on what did not answer */
	struct facts facts;
};

static int64_t sample_ns;

/*
 * The RNG is probed again, because fast init may have been done between the first answer
 * and the reading of the log.
 */
static void collect_log(int root, struct facts *facts)
{
	timeline_collect(root, &facts->timeline);
	if (root == ROOT_LIVE)
		fact_flag(&facts->waits_after_log,
			  facts->probe.number == EAGAIN && rng_probe() == -EAGAIN);
	else
		facts->waits_after_log.unknown = read_live_only;
}

static void collect_waiting(int root, struct facts *facts)
{
	if (root == ROOT_LIVE)
		waiters_collect(&facts->waiters, sample_ns);
	else
		facts->waiters.unknown = read_live_only;
}

static const struct step {
	void (*collect)(int root, struct facts *facts);
	enum collect_depth depth;
	bool direct; /* asks only the kernel, and so needs no child */
} steps[] = {
	{ collect_kernel, COLLECT_LIGHT, true },
	{ collect_pool, COLLECT_LIGHT, true },
	{ collect_probe, COLLECT_LIGHT, true },
	{ collect_hwrng, COLLECT_LIGHT, true },
	{ collect_cmdline, COLLECT_FULL, true },
	{ collect_kconfig, COLLECT_FULL, false },
	{ collect_firmware, COLLECT_FULL, true },
	{ collect_clones, COLLECT_FULL, false },
	{ collect_environment, COLLECT_FULL, false },
	{ collect_container, COLLECT_PLACE, false },
	{ collect_virtualization, COLLECT_FULL, true },
	{ collect_wtmp, COLLECT_FULL, false },
	{ collect_seed_files, COLLECT_FULL, false },
	{ collect_log, COLLECT_FULL, false },
	{ collect_daemons, COLLECT_FULL, false },
	{ collect_host_keys, COLLECT_FULL, false },
	{ collect_admin, COLLECT_FULL, false },
	{ collect_waiting, COLLECT_FULL, false },
	{ collect_pool_rate, COLLECT_FULL, true },
	{ collect_cpu, COLLECT_LIGHT, false },
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static int open_tree(const char *tree)
{
	if (!ask_begin(tree))
		return -ETIMEDOUT;

	int fd = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = errno;

	ask_end();
	return fd < 0 ? -error : fd;
}

/*
 * The shared facts are replaced after each step, so that a half-done step never counts.
 */
static void gather(void *data)
{
	static struct facts facts;
	struct gathering *all = data;
	int root = all->tree ? open_tree(all->tree) : ROOT_LIVE;

	all->error = all->tree && root < 0 ? root : 0;
	if (all->error)
		return;
	sample_ns = WAITERS_SAMPLE_NS - all->waste;
	if (sample_ns < SAMPLE_MIN_NS)
		sample_ns = SAMPLE_MIN_NS;
	facts_copy(&facts, &all->facts);
	for (; all->next < STEPS; all->next++) {
		if (steps[all->next].depth > all->depth)
			continue;
		steps[all->next].collect(root, &facts);
		facts_copy(&all->facts, &facts);
	}
}

static void gather_directly(struct gathering *all)
{
	for (size_t i = 0; i < STEPS; i++)
		if (steps[i].direct && steps[i].depth <= all->depth)
			steps[i].collect(ROOT_LIVE, &all->facts);
	facts_excuse(&all->facts, facts_not_collected, no_process);
}

/*
 * Explaining a timeout is not worth a child here: it would be the first process of the
 * PID namespace that the next command needs.
 */
static int gather_aside(struct gathering *all, struct aside_patience *patience)
{
	return fork_prepare(all->depth == COLLECT_LIGHT)
		       ? aside_run(gather, all, patience)
		       : -EPERM;
}

/* Returns 0, or -errno where the tree cannot be opened. */
static int gather_all(struct gathering *all, struct aside_patience *patience)
{
	const int64_t begin = patience->left;
	int rc;

	facts_init(&all->facts);
	all->next = 0;
	while ((rc = gather_aside(all, patience)) == -ETIMEDOUT || rc == -ECHILD) {
		all->waste = begin - patience->left;
		if (rc == -ECHILD) {
			facts_excuse(&all->facts, facts_not_collected,
				     text_error(ETIMEDOUT));
			all->next++;
		}
	}
	if (rc == -ETIME && all->tree && all->next == 0)
		return -ETIMEDOUT;
	if (rc == -ETIME)
		facts_excuse(&all->facts, facts_not_collected, no_time);
	else if (rc != 0 && all->tree)
		return rc;
	else if (rc != 0)
		gather_directly(all);
	return all->error;
}

/*
 * The verdict is taken at the end, because a reader who learns that a task is waiting
 * looks at the machine after that. If the RNG became ready meanwhile, everything is
 * looked at once more.
 */
static bool was_overtaken(struct facts *facts)
{
	bool waited = facts->probe.number == EAGAIN;

	collect_probe(ROOT_LIVE, facts);
	return waited && facts->probe.number == 0;
}

int collect_facts(const char *tree, enum collect_depth depth, struct facts *facts)
{
	static struct gathering *all, alone;
	struct aside_patience patience = aside_patience;

	if (!all)
		all = aside_memory(sizeof(*all));
	if (!all)
		all = &alone;
	all->tree = tree;
	all->depth = depth;
	ask_forget();

	int rc = gather_all(all, &patience);

	if (rc == 0 && !tree && was_overtaken(&all->facts)) {
		rc = gather_all(all, &patience);
		collect_probe(ROOT_LIVE, &all->facts);
	}
	if (rc != 0)
		return rc;
	facts_copy(facts, &all->facts);
	judge_facts(facts);
	return 0;
}
