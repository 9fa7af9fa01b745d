/* SPDX-License-Identifier: MIT */
/*
 * A pass over all tasks costs some 20 microseconds each, so the number of passes follows
 * from what the first one took. Several are needed: whoever drives the jitter loop runs,
 * and is seen only in the naps between.
 */
#include "waiters.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "deadline.h"
#include "rng.h"
#include "waiters-task.h"

enum {
	PASSES_MAX = 12,
	SHARE = 4,	      /* of the time, one in so many is spent in passes */
	LINKS_ONE_THREAD = 3, /* of a directory task: 2, and 1 for each thread */
};

#define PASS_MAX_NS (900 * NS_PER_MS)

struct scan {
	struct waiters *waiters;
	DIR *proc;
	bool first; /* pass */
	int64_t deadline;
};

static void take_task(struct scan *scan, const struct task *task)
{
	struct waiter waiter;
	int rc = task_examine(task, &waiter);

	if (scan->first) {
		scan->waiters->examined++;
		scan->waiters->hidden += rc < 0;
	}
	if (rc <= 0 || task_identify(task, &waiter) != 0)
		return;

	struct waiter *known = waiters_find(scan->waiters, task->tid, waiter.start);
	int64_t now = deadline_now();

	if (known) {
		known->seen_ns = now - known->found;
		known->age_ns = waiter.age_ns;
		return;
	}
	waiter.found = now;
	waiter.seen_ns = 0;
	task_describe(task, &waiter);
	waiters_append(scan->waiters, &waiter);
}

/* The number that a directory of /proc is named with; 0: another file. */
static pid_t number_of(const char *name)
{
	char *end;

	if (name[0] < '1' || name[0] > '9')
		return 0;

	long number = strtol(name, &end, 10);

	return *end == '\0' && number <= INT32_MAX ? (pid_t)number : 0;
}

static void take_threads(struct scan *scan, int proc, pid_t pid, const char *path)
{
	int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		pid_t tid = number_of(entry->d_name);

		if (tid > 0)
			take_task(scan, &(struct task){ proc, pid, tid });
	}
	closedir(dir);
}

static void take_process(struct scan *scan, pid_t pid)
{
	const struct task leader = { dirfd(scan->proc), pid, pid };
	char path[TASK_PATH_MAX];
	struct stat st;

	task_path(&leader, "task", path);
	if (fstatat(leader.proc, path, &st, 0) != 0) {
		/* hidepid=1 lists strangers, but hides what is in their directories. */
		scan->waiters->hidden += scan->first && errno != ENOENT && errno != ESRCH;
		return;
	}
	if (st.st_nlink == LINKS_ONE_THREAD)
		take_task(scan, &leader);
	else
		take_threads(scan, leader.proc, pid, path);
}

static void pass(struct scan *scan)
{
	bool saw_init = false;
	pid_t self = getpid();

	scan->deadline = deadline_after(PASS_MAX_NS);
	rewinddir(scan->proc);
	for (struct dirent *entry; (entry = readdir(scan->proc));) {
		pid_t pid = number_of(entry->d_name);

		saw_init |= pid == 1;
		if (pid == 0 || pid == self)
			continue;
		if (deadline_left(scan->deadline) > 0)
			take_process(scan, pid);
		else
			scan->waiters->skipped += scan->first;
	}
	if (scan->first)
		scan->waiters->hidepid = !saw_init;
	scan->first = false;
}

/* Spreads as many further passes over the time as it has room for. */
static void sample(struct scan *scan, int64_t ns, int64_t cost)
{
	int64_t passes = ns / SHARE / (cost > 0 ? cost : 1);

	if (passes > PASSES_MAX)
		passes = PASSES_MAX;
	for (int64_t i = 0; i < passes && rng_probe() != 0; i++) {
		struct timespec nap;

		ppoll(NULL, 0, deadline_timespec(ns / passes, &nap), NULL);
		pass(scan);
	}
}

void waiters_collect(struct waiters *waiters, int64_t sample_ns)
{
	struct scan scan = { .waiters = waiters, .first = true };
	struct statfs fs;

	*waiters = (struct waiters){ .unknown = NULL };

	bool ready = rng_probe() == 0;

	if (ready && rng_knows_insecure() == 0)
		return;
	scan.proc = opendir("/proc");
	if (!scan.proc || fstatfs(dirfd(scan.proc), &fs) != 0 ||
	    fs.f_type != PROC_SUPER_MAGIC) {
		waiters->unknown = "/proc is not mounted";
	} else {
		int64_t begin = deadline_now();

		waiters->scanned = true;
		pass(&scan);
		/* A ready RNG keeps only readers of the blocking pool: they sleep. */
		sample(&scan, ready ? 0 : sample_ns, deadline_now() - begin);
	}
	if (scan.proc)
		closedir(scan.proc);
}
