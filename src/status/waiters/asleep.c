/* SPDX-License-Identifier: MIT */
/*
 * How long a task has been asleep. The kernel stamps a task with the time when it last
 * ran, on a clock of its CPU that stops while interrupts or the hypervisor take the CPU
 * away: the result is a lower bound. This process goes to the same CPU, and reads the
 * clock from its own stamp.
 */
#include "status/waiters/asleep.h"

#include <sched.h>

#include "status/waiters/proc-parse.h"
#include "status/waiters/running.h"

/* Joins the CPU anew, so that the kernel stamps this process with the time of now. */
static int64_t time_on_cpu_of(const struct task *task)
{
	char text[512];
	cpu_set_t mine;
	int64_t now = 0;

	if (sched_getaffinity(0, sizeof(mine), &mine) != 0)
		return 0;
	if (running_join_cpu(task) == 0) {
		long len;

		sched_yield();
		len = proc_read_own(task, "sched", text, sizeof(text));
		if (len <= 0 || proc_parse_sched(text, (size_t)len, &now) != 0)
			now = 0;
	}
	sched_setaffinity(0, sizeof(mine), &mine);
	return now;
}

int64_t asleep_ns(const struct task *task)
{
	char text[512];
	int64_t last_run, now;
	long len = proc_read(task, "sched", text, sizeof(text));

	if (len <= 0 || proc_parse_sched(text, (size_t)len, &last_run) != 0)
		return 0;
	now = time_on_cpu_of(task);
	return now > last_run ? now - last_run : 0;
}
