/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TASK_H
#define CRNG_TASK_H

#include "status/waiters/proc.h"
#include "status/waiters/waiters.h"

/*
 * Is the task blocked on the RNG at this moment? Returns 1, with call and bytes filled;
 * 0: no, or it is gone; -EACCES: permissions hide it; -EBUSY: it is running, maybe in the
 * jitter loop, and nothing more can be learnt. Sets pool where the task waits for the
 * blocking pool, provided that the kernel has one (before 5.6).
 */
int task_examine(const struct task *task, struct waiter *out);

/* Fills start and age_ns; returns 0, or -errno: the task is gone. */
int task_identify(const struct task *task, struct waiter *out);

/* Fills pid, tid, comm, exe and unit. */
void task_describe(const struct task *task, struct waiter *out);

#endif
