/* SPDX-License-Identifier: MIT */
/*
 * Since Linux 5.18 a waiting task is usually running, because it drives the kernel's
 * jitter loop, which yields and never sleeps (try_to_generate_entropy()). Then its file
 * syscall says "running", and wchan "0". Its stack can be walked, but only while it is
 * off its CPU (stack_trace_save_tsk()): so this process moves to that CPU and, by running
 * there, pushes the task off.
 */
#include "status/waiters/running.h"

#include <errno.h>
#include <sched.h>

#include "base/deadline.h"
#include "status/waiters/proc-parse.h"

enum { TRIES = 4 };

int running_join_cpu(const struct task *task)
{
	char text[512];
	struct proc_stat stat;
	cpu_set_t cpu;
	long len = proc_read(task, "stat", text, sizeof(text));

	if (len <= 0 || proc_parse_stat(text, (size_t)len, &stat) != 0)
		return -ESRCH;
	if (stat.policy == SCHED_FIFO || stat.policy == SCHED_RR ||
	    stat.cpu >= CPU_SETSIZE)
		return -EBUSY;
	CPU_ZERO(&cpu);
	CPU_SET((size_t)stat.cpu, &cpu);
	return sched_setaffinity(0, sizeof(cpu), &cpu) == 0 ? 0 : -EBUSY;
}

/*
 * Returns 1, 0 or -EBUSY as task_examine(). The kernel shows an empty stack while the
 * task is on a CPU.
 */
static int read_stack(const struct task *task, struct waiter *out)
{
	char stack[4096];
	long len = proc_read(task, "stack", stack, sizeof(stack));

	if (len == -ENOENT || len == -ESRCH)
		return 0;
	if (len <= 0)
		return -EBUSY;
	return proc_find_rng(stack, (size_t)len, &out->call);
}

int running_examine(const struct task *task, struct waiter *out)
{
	cpu_set_t mine;
	int rc = read_stack(task, out);

	if (rc != -EBUSY || sched_getaffinity(0, sizeof(mine), &mine) != 0)
		return rc;
	/* On a busy machine this process has to wait for its turn on each CPU. */
	for (int i = 0; rc == -EBUSY && i < TRIES; i++) {
		if (deadline_left(task->patience) == 0 || running_join_cpu(task) != 0)
			break;
		rc = read_stack(task, out);
	}
	sched_setaffinity(0, sizeof(mine), &mine);
	return rc;
}
