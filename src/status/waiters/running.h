/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RUNNING_H
#define CRNG_RUNNING_H

#include "status/waiters/proc.h"
#include "status/waiters/waiters.h"

/*
 * task_examine() for a task that is running: reads its stack, which needs CAP_SYS_ADMIN.
 * Fills call alone. Moves the calling thread between CPUs and back.
 */
int running_examine(const struct task *task, struct waiter *out);

/*
 * Moves the calling thread to the CPU where the task ran last. Returns 0; -EBUSY: this
 * thread may not run there, or the task is a real-time task, which would not make room;
 * -ESRCH: the task is gone.
 */
int running_join_cpu(const struct task *task);

#endif
