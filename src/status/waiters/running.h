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

#endif
