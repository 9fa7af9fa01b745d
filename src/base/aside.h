/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASIDE_H
#define CRNG_ASIDE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Work that may never end is done aside, by a child process that can be left behind: a
 * file system whose server does not answer holds every process that touches it, and
 * sometimes not even SIGKILL frees it.
 */

/* How long hangs may last in all runs that share it. Start with aside_patience. */
struct aside_patience {
	int64_t left;	    /* nanoseconds */
	int64_t limit;	    /* of the next hang */
	unsigned int hangs; /* so far */
};

extern const struct aside_patience aside_patience;

/* Zeroed memory that children share, for the results of work; NULL: out of memory. */
void *aside_memory(size_t size);

/*
 * Runs work(data) in a child process, which keeps no descriptor of this one and cannot
 * dump core. Its results must be plain data in aside_memory(); pointers are good only if
 * they point to what existed before the call. Returns
 * 0 when the work is done;
 * -ETIMEDOUT when it hung, that is, slept too long in one question (ask.h): the child has
 * been killed and, if deaf to that, left behind, and what it asked will not be asked
 * again. Run the work again for the rest;
 * -ECHILD when it hung outside a question, or died;
 * -ETIME when all patience is used up; another -errno where no process can be started.
 */
int aside_run(void (*work)(void *data), void *data, struct aside_patience *patience);

/*
 * The same within ns nanoseconds, asleep or not. Returns 0; -ETIMEDOUT when the child has
 * been killed and, if deaf to that, left behind; -ECHILD when it died; or another -errno
 * where no process can be started.
 */
int aside_within(void (*work)(void *data), void *data, int64_t ns);

#endif
