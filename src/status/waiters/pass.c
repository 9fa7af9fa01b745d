/* SPDX-License-Identifier: MIT */
/* One pass over all tasks of /proc, some 30 microseconds each. */
#include "status/waiters/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/number.h"
#include "status/waiters/asleep.h"
#include "status/waiters/list.h"
#include "status/waiters/task.h"

enum { LINKS_ONE_THREAD = 3 }; /* of a directory task: 2, and 1 for each thread */

/* Waiters may keep all CPUs busy with the jitter loop, and this process waits for one. */
#define PASS_CPU_NS (900 * NS_PER_MS)
#define PASS_MAX_NS (3 * NS_PER_S)
#define PATIENCE_NS (50 * NS_PER_MS)

struct scan {
	struct waiters *waiters;
	struct task task; /* what all tasks have in common */
	size_t waiting;	  /* number of tasks at this moment */
	bool first;	  /* pass */
};

static void examine(struct scan *scan, const struct task *task)
{
	struct waiter waiter;
	int rc = task_examine(task, &waiter);

	if (scan->first) {
		scan->waiters->examined++;
		scan->waiters->hidden += rc == -EACCES;
		scan->waiters->running += rc == -EBUSY;
	}
	if (rc <= 0 || task_identify(task, &waiter) != 0)
		return;

	waiter.pool &= scan->waiters->pool;
	scan->waiting++;

	struct waiter *known = waiters_find(scan->waiters, task->tid, waiter.start);
	int64_t now = deadline_now();

	if (known) {
		known->waited_ns = now - known->since;
		known->age_ns = waiter.age_ns;
		return;
	}
	waiter.waited_ns = asleep_ns(task);
	if (waiter.age_ns >= 0 && waiter.waited_ns > waiter.age_ns)
		waiter.waited_ns = waiter.age_ns;
	waiter.since = now - waiter.waited_ns;
	task_describe(task, &waiter);
	waiters_append(scan->waiters, &waiter);
}

/* A task with memory mapped from a file system that does not answer counts as hidden. */
static void visit_task(struct scan *scan, const struct task *task)
{
	char name[32];

	snprintf(name, sizeof(name), "task %d", (int)task->tid);
	if (ask_begin(name)) {
		examine(scan, task);
		ask_end();
	} else if (scan->first) {
		scan->waiters->examined++;
		scan->waiters->hidden++;
	}
}

/* The number that a directory of /proc has as its name; 0: another file. */
static pid_t parse_pid(const char *name)
{
	uint64_t number;

	return !number_parse(name, &number) && number <= INT32_MAX ? (pid_t)number : 0;
}

/* Returns false if time ran out. */
static bool visit_threads(struct scan *scan, struct task *task, const char *path)
{
	int fd = openat(task->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	bool time = true;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	for (struct dirent *entry; time && (entry = readdir(dir));) {
		task->tid = parse_pid(entry->d_name);
		time = proc_has_time(task);
		if (task->tid > 0 && time)
			visit_task(scan, task);
	}
	closedir(dir);
	return time;
}

static void visit_process(struct scan *scan, pid_t pid)
{
	struct waiters *waiters = scan->waiters;
	struct task task = scan->task;
	char path[PROC_PATH_MAX];
	struct stat st;

	task.pid = task.tid = pid;
	if (!proc_has_time(&task)) {
		waiters->skipped += scan->first;
		return;
	}
	proc_path(&task, "task", path);
	/* hidepid=1 shows the directories of other users' processes, but no content. */
	if (fstatat(task.proc, path, &st, 0) != 0)
		waiters->hidden += scan->first && errno != ENOENT && errno != ESRCH;
	else if (st.st_nlink == LINKS_ONE_THREAD)
		visit_task(scan, &task);
	else if (!visit_threads(scan, &task, path))
		waiters->skipped += scan->first;
}

void waiters_pass(struct waiters *waiters, DIR *proc, bool first)
{
	struct scan scan = {
		.waiters = waiters,
		.first = first,
		.task = {
			.proc = dirfd(proc),
			.deadline = deadline_after(PASS_MAX_NS),
			.patience = deadline_after(PATIENCE_NS),
			.cpu_limit = proc_cpu_now() + PASS_CPU_NS,
			.ready = waiters->ready,
		},
	};
	const pid_t self = getpid(), watcher = ask_watcher();
	bool saw_init = false;

	rewinddir(proc);
	for (struct dirent *entry; (entry = readdir(proc));) {
		pid_t pid = parse_pid(entry->d_name);

		saw_init |= pid == 1;
		if (pid > 0 && pid != self && pid != watcher)
			visit_process(&scan, pid);
	}
	if (first)
		waiters->hidepid = !saw_init;
	if (scan.waiting > waiters->total)
		waiters->total = scan.waiting;
}
