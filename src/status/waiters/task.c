/* SPDX-License-Identifier: MIT */
/*
 * The file syscall of a task shows what it waits for, but only to a process that may
 * trace the task. Without that right only the function that it sleeps in may be seen.
 */
#include "status/waiters/task.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/text.h"
#include "rng/rng.h"
#include "status/waiters/abi.h"
#include "status/waiters/device-wait.h"
#include "status/waiters/proc-parse.h"
#include "status/waiters/running.h"

/* By the function that the task sleeps in. */
static bool is_in_rng(const struct task *task, const char *wchan, long len,
		      struct waiter *out)
{
	if (len <= 0 || !proc_find_rng(wchan, (size_t)len, &out->call))
		return false;
	out->pool = task->ready || out->call == WAITER_READ;
	return true;
}

static bool sleeps_in_rng(const struct task *task, struct waiter *out)
{
	char wchan[128];
	long len = proc_read(task, "wchan", wchan, sizeof(wchan));

	return is_in_rng(task, wchan, len, out);
}

/* There are many idle kernel threads, and none of them waits for the RNG. */
static bool is_process_asleep(const struct task *task)
{
	char text[512];
	struct proc_stat stat;
	long len = proc_read(task, "stat", text, sizeof(text));

	return len > 0 && proc_parse_stat(text, (size_t)len, &stat) == 0 &&
	       !stat.kernel && (stat.state == 'S' || stat.state == 'D');
}

/* Without the file syscall. A sleeping task whose function is shown as "0" is hidden. */
static int examine_wchan(const struct task *task, struct waiter *out)
{
	char wchan[128];
	long len = proc_read(task, "wchan", wchan, sizeof(wchan));

	if (len == -ENOENT || len == -ESRCH)
		return 0;
	if (is_in_rng(task, wchan, len, out))
		return 1;
	return (len <= 0 || strcmp(wchan, "0") == 0) && is_process_asleep(task) ? -EACCES
										: 0;
}

/* A ready RNG blocks only callers that ask for the blocking pool. */
static int find_getrandom(const struct task *task, const struct proc_syscall *syscall,
			  struct waiter *out)
{
	uint64_t flags = syscall->args[2];

	out->call = WAITER_GETRANDOM;
	out->bytes = syscall->args[1];
	out->pool = flags & GRND_RANDOM;
	return !(flags & (GRND_NONBLOCK | GRND_INSECURE)) && (out->pool || !task->ready);
}

static int find_device(const struct task *task, enum abi_call call,
		       const struct proc_syscall *syscall, struct waiter *out)
{
	bool polls = call == ABI_POLL || call == ABI_SELECT || call == ABI_EPOLL;
	int rc = device_wait_examine(task, call, syscall);

	out->call = polls ? WAITER_POLL : WAITER_READ;
	out->bytes = call == ABI_READ ? syscall->args[2] : 0;
	out->pool = true;
	return rc;
}

static int find_call(const struct task *task, const struct proc_syscall *syscall,
		     struct waiter *out)
{
	enum abi_call call = abi_find(syscall->number);
	int rc = 0;

	if (call == ABI_GETRANDOM)
		return find_getrandom(task, syscall, out);
	/* A worker of the kernel has no stack, and has only inherited the call. */
	if (call != ABI_OTHER && syscall->stack != 0)
		rc = find_device(task, call, syscall, out);
	/*
	 * Most tasks sleep in one of these, and the check of their descriptors has found
	 * no /dev/random.
	 */
	if (rc == 1 || (call != ABI_OTHER && call < ABI_READ_AT))
		return rc;
	/* Any other call may wait in the RNG, such as one that loads a module. */
	return sleeps_in_rng(task, out) ? 1 : rc;
}

int task_examine(const struct task *task, struct waiter *out)
{
	char text[256];
	struct proc_syscall syscall;
	long len = proc_read(task, "syscall", text, sizeof(text));

	out->bytes = 0;
	out->pool = task->ready;
	if (len == -ESRCH)
		return 0;
	if (len < 0)
		return examine_wchan(task, out);

	int rc = proc_parse_syscall(text, (size_t)len, &syscall);

	if (rc == -EBUSY)
		return running_examine(task, out);
	if (rc == -ENOENT)
		return sleeps_in_rng(task, out);
	return rc == 0 ? find_call(task, &syscall, out) : 0;
}

int task_identify(const struct task *task, struct waiter *out)
{
	char text[512];
	struct proc_stat stat;
	struct timespec now;
	long hertz = sysconf(_SC_CLK_TCK);
	long len = proc_read(task, "stat", text, sizeof(text));
	int rc = len < 0 ? (int)len : proc_parse_stat(text, (size_t)len, &stat);

	if (rc != 0)
		return rc;
	out->start = stat.start;
	out->age_ns = -1;
	if (hertz <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
		return 0;

	uint64_t rate = (uint64_t)hertz;
	int64_t start_ns = (int64_t)(stat.start / rate) * NS_PER_S +
			   (int64_t)(stat.start % rate) * (NS_PER_S / hertz);
	int64_t age = now.tv_sec * NS_PER_S + now.tv_nsec - start_ns;

	/* Ticks are coarse: a task that has just begun may seem to begin later. */
	out->age_ns = age > 0 ? age : 0;
	return 0;
}

void task_describe(const struct task *task, struct waiter *out)
{
	char text[4096], path[PROC_PATH_MAX];
	long len = proc_read(task, "comm", text, sizeof(text));

	out->pid = task->pid;
	out->tid = task->tid;
	if (len > 0 && text[len - 1] == '\n')
		len--;
	text_escape(out->comm, sizeof(out->comm), text, len > 0 ? (size_t)len : 0);

	proc_path(task, "exe", path);
	len = readlinkat(task->proc, path, text, sizeof(text));
	text_escape(out->exe, sizeof(out->exe), text, len > 0 ? (size_t)len : 0);

	len = proc_read(task, "cgroup", text, sizeof(text));
	proc_parse_cgroup(text, len > 0 ? (size_t)len : 0, out->unit, sizeof(out->unit));
}
