/* SPDX-License-Identifier: MIT */
/*
 * Reads the list of boots in a child process, so that a file system that does not answer
 * costs only the list.
 */
#include "status/history/history.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>

#include "base/aside.h"
#include "base/fork.h"
#include "base/root.h"
#include "base/text.h"
#include "base/wtmp.h"
#include "status/history/boots.h"
#include "status/history/read-journal.h"

/* Returns NULL, or why it is not known which boots wtmp has. */
static const char *add_wtmp(struct work *work, int root)
{
	static uint64_t times[HISTORY_MAX];
	long count = wtmp_boots(root, times, HISTORY_MAX);

	if (count > 0)
		boots_merge(&work->history, times, (size_t)count, work->max);
	return count >= 0 || count == -ENOENT ? NULL : "wtmp could not be read";
}

/* Says why there are no boots, or why only wtmp has told of some. */
static void explain(struct history *history, const char *why, bool absent)
{
	if (history->count > 0) {
		history->gaps = why && !absent ? why : history->gaps;
		for (size_t i = 0; i < history->count; i++)
			if (!history->boot[i].has_offset)
				history->boot[i].doubt = history->gaps
								 ? history->gaps
								 : history->older_unknown;
	} else if (absent && !history->older_unknown) {
		history->empty = "neither a journal nor wtmp remembers a boot";
	} else if (why || history->older_unknown || history->gaps) {
		history->unknown = why && !absent	    ? why
				   : history->older_unknown ? history->older_unknown
							    : history->gaps;
		history->older_unknown = history->gaps = NULL;
	} else {
		history->empty = "the journal has no entries that tell of a boot";
	}
}

/* The child may open many files: journalctl opens each of them once more. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void read_all(void *data)
{
	struct work *work = data;
	int root = work->tree ? open(work->tree, O_PATH | O_DIRECTORY | O_CLOEXEC)
			      : ROOT_LIVE;
	bool absent;

	work->error = root >= 0 || root == ROOT_LIVE ? 0 : -errno;
	if (work->error)
		return;
	raise_limit();

	const char *why = read_journal(work, root, &absent);
	const char *no_wtmp = work->wanted ? NULL : add_wtmp(work, root);

	if (!work->history.older_unknown)
		work->history.older_unknown = no_wtmp;
	explain(&work->history, why, absent);
}

/*
 * Returns the work as far as it was done; NULL: out of memory. *rc is 0, or -errno of the
 * child process.
 */
static struct work *work_on(const char *tree, size_t max,
			    const struct history_wanted *wanted, int *rc)
{
	static struct work *work;
	struct aside_patience patience = { .left = 15 * NS_PER_S, .limit = JOURNAL_NS };

	if (!work)
		work = aside_memory(sizeof(*work));
	*rc = work ? 0 : -ENOMEM;
	if (!work)
		return NULL;
	memset(work, 0, sizeof(*work));
	work->tree = tree;
	work->max = max;
	work->wanted = wanted;
	work->found = -1;
	fork_prepare(false);
	*rc = aside_run(read_all, work, &patience);
	return work;
}

static const char *why_no_answer(int rc)
{
	return rc == -ETIME || rc == -ETIMEDOUT ? "the journal did not answer in time"
						: text_error(-rc);
}

int history_collect(const char *tree, size_t max, struct history *history)
{
	int rc;
	const struct work *work = work_on(tree, max, NULL, &rc);

	if (work && work->error)
		return work->error;
	if (rc == 0) {
		*history = work->history;
		return 0;
	}
	memset(history, 0, sizeof(*history));
	history->unknown = why_no_answer(rc);
	return 0;
}

int history_collect_boot(const char *tree, const struct history_wanted *wanted,
			 struct history_boot *boot, struct history_log *log,
			 const char **why)
{
	int rc;
	const struct work *work = work_on(tree, HISTORY_MAX, wanted, &rc);

	if (work && work->error)
		return work->error;
	*why = rc == 0 ? work->history.unknown : why_no_answer(rc);
	/* Without all older boots, nobody knows which one is the oldest. */
	if (rc == 0 && !*why && (work->found < 0 || wanted->from_oldest))
		*why = work->stopped		     ? NULL
		       : work->history.older_unknown ? work->history.older_unknown
		       : work->found < 0	     ? work->history.gaps
						     : NULL;
	if (*why)
		return -ENODATA;
	if (work->found < 0)
		return -ESRCH;
	*boot = work->history.boot[work->found];
	*log = work->log;
	return 0;
}
