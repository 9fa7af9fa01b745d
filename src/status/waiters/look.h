/* SPDX-License-Identifier: MIT */
#ifndef CRNG_LOOK_H
#define CRNG_LOOK_H

#include "status/waiters/task.h"

/* The parts of task_waits_for_device(). All answer as it does. */

struct look {
	const struct task *task;
	unsigned int count; /* descriptors looked at so far */
	bool hidden;	    /* something could not be looked at */
	bool reads,
		random; /* an io_uring has such an operation; /dev/random, registered */
};

/* Does whoever waits for fd to be readable wait for /dev/random? */
bool look_at(struct look *look, uint64_t fd, unsigned int depth);

/* The same of what poll(2) and select(2) were given, which is in the task's memory. */
bool look_at_poll(struct look *look, uint64_t address, uint64_t count);
bool look_at_select(struct look *look, uint64_t count, uint64_t address, bool compat);

/* Is there time, and patience, to go on? hidden is set where there is not. */
bool look_on(struct look *look);

#endif
