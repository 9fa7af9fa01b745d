/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASLEEP_H
#define CRNG_ASLEEP_H

#include "status/waiters/proc.h"

/*
 * For how many nanoseconds, at least, the task has not run: if it is in a call now, it
 * has been in that call for so long. 0 where that is not known. Moves the calling thread
 * to another CPU and back.
 */
int64_t asleep_ns(const struct task *task);

#endif
