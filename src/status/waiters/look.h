/* SPDX-License-Identifier: MIT */
#ifndef CRNG_LOOK_H
#define CRNG_LOOK_H

#include "status/waiters/proc.h"

/*
 * A look at the descriptors that one call of a task waits for. Functions return true as
 * soon as one of them is /dev/random, and set hidden where something cannot be seen.
 */
struct look {
	const struct task *task;
	unsigned int count; /* descriptors looked at so far */
	bool hidden;	    /* something could not be looked at */
	bool reads;	    /* an io_uring has an operation that reads or polls */
	bool random;	    /* /dev/random is registered with an io_uring */
};

/* Is there time to go on, and is the number of descriptors within reason? */
bool look_has_time(struct look *look);

/* Does a task that waits for fd to be readable wait for /dev/random? */
bool look_at(struct look *look, uint64_t fd);

#endif
