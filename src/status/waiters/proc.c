/* SPDX-License-Identifier: MIT */
/* The files of a task in /proc: all are reached from one descriptor of that directory. */
#include "status/waiters/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"

int64_t proc_cpu_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

bool proc_has_time(const struct task *task)
{
	return deadline_left(task->deadline) > 0 && proc_cpu_now() < task->cpu_limit;
}

void proc_path(const struct task *task, const char *name, char path[PROC_PATH_MAX])
{
	if (task->tid == task->pid)
		snprintf(path, PROC_PATH_MAX, "%d/%s", task->pid, name);
	else
		snprintf(path, PROC_PATH_MAX, "%d/task/%d/%s", task->pid, task->tid,
			 name);
}

int proc_open(const struct task *task, const char *name, int flags)
{
	char path[PROC_PATH_MAX];

	proc_path(task, name, path);
	return openat(task->proc, path, O_RDONLY | O_CLOEXEC | flags);
}

/* Closes fd; -1: it could not be opened, and errno tells why. */
static long read_and_close(int fd, char *buf, size_t size)
{
	if (fd < 0)
		return -errno;

	ssize_t n = read(fd, buf, size - 1);
	long rc = n < 0 ? -errno : n;

	close(fd);
	buf[rc > 0 ? rc : 0] = '\0';
	return rc;
}

long proc_read(const struct task *task, const char *name, char *buf, size_t size)
{
	return read_and_close(proc_open(task, name, 0), buf, size);
}

long proc_read_own(const struct task *task, const char *name, char *buf, size_t size)
{
	char path[PROC_PATH_MAX];

	snprintf(path, sizeof(path), "self/%s", name);
	return read_and_close(openat(task->proc, path, O_RDONLY | O_CLOEXEC), buf, size);
}
