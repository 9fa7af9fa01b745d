/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASIDE_START_H
#define CRNG_ASIDE_START_H

#include <sys/types.h>

#include "base/ask.h"

/* The parts of aside_run(). */

struct aside_child {
	pid_t pid;
	int pipe; /* closed by the child's end */
	struct ask_channel *channel;
};

/* Starts the child, which ends when the work is done. Returns 0 or -errno. */
int aside_start(struct aside_child *child, void (*work)(void *data), void *data);

/*
 * Cuts the path that does not answer down to where its file system is mounted; leaves it
 * alone where that is the root, or not known, and what is no path as well.
 */
void aside_find_mount(char whom[ASK_NAME_MAX]);

#endif
