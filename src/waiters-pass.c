/* SPDX-License-Identifier: MIT */
/* One pass over all tasks of /proc, some 30 microseconds each. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "deadline.h"
#include "waiters-task.h"

enum { LINKS_ONE_THREAD = 3 }; /* of a directory task: 2, and 1 for each thread */

/* Who waits may burn all CPUs in the jitter loop, and this process has to wait for them.
 */
#define PASS_CPU_NS (900 * NS_PER_MS)
#define PASS_MAX_NS (3 * NS_PER_S)
#define PATIENCE_NS (50 * NS_PER_MS)

struct scan {
	struct waiters *waiters;
	DIR *proc;
	bool first; /* pass */
	int64_t deadline, patience, cpu_limit;
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

/* What a task has mapped may be on a file system that does not answer: it is hidden. */
static void take_task(struct scan *scan, const struct task *task)
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
			take_task(scan, &(struct task){ proc, pid, tid, scan->patience });
	}
	closedir(dir);
}

static void take_process(struct scan *scan, pid_t pid)
{
	const struct task leader = { dirfd(scan->proc), pid, pid, scan->patience };
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

/* Nanoseconds that this process has spent on a CPU. */
static int64_t cpu_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static bool has_time(const struct scan *scan)
{
	return deadline_left(scan->deadline) > 0 && cpu_now() < scan->cpu_limit;
}

void waiters_pass(struct waiters *waiters, DIR *proc, bool first)
{
	struct scan scan = {
		.waiters = waiters,
		.proc = proc,
		.first = first,
		.deadline = deadline_after(PASS_MAX_NS),
		.patience = deadline_after(PATIENCE_NS),
		.cpu_limit = cpu_now() + PASS_CPU_NS,
	};
	bool saw_init = false;
	const pid_t self = getpid(), watcher = ask_watcher();

	rewinddir(proc);
	for (struct dirent *entry; (entry = readdir(proc));) {
		pid_t pid = number_of(entry->d_name);

		saw_init |= pid == 1;
		if (pid == 0 || pid == self || pid == watcher)
			continue;
		if (has_time(&scan))
			take_process(&scan, pid);
		else
			waiters->skipped += first;
	}
	if (first)
		waiters->hidepid = !saw_init;
}
