/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASIDE_START_H
#define CRNG_ASIDE_START_H

#include <sys/types.h>

#include "base/ask.h"

/* The parts of aside_run(). */

struct aside_child {
	pid_t pid;
	int pipe; /* closed when the child ends */
	struct ask_channel *channel;
};

/* Starts the child, which ends when the work is done. Returns 0 or -errno. */
int aside_start(struct aside_child *child, void (*work)(void *data), void *data);

/*
 * Cuts a path that does not answer down to the mount point of its file system. Leaves it
 * alone where that is the root or not known, and where whom is not a path.
 */
void aside_find_mount(char whom[ASK_NAME_MAX]);

#endif
