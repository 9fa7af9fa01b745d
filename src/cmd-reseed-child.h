/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_RESEED_CHILD_H
#define CRNG_CMD_RESEED_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The process that runs the command of crng reseed --watch. */
struct child {
	pid_t pid;	       /* 0: there is none */
	int fd;		       /* pidfd_open(2); readable when it has ended */
	void (*on_child)(int); /* what was to happen on SIGCHLD */
};

#define CHILD_NONE ((struct child){ .pid = 0, .fd = -1 })

bool child_runs(const struct child *child);

/*
 * Runs the command, with the generation of the virtual machine in the variable
 * CRNG_VM_GENERATION. It gets SIGTERM when this process ends. Says so where it cannot be
 * run; waits for its end where that cannot be polled (before Linux 5.3).
 */
void child_start(struct child *child, char **command, uint64_t vm_generation);

/* Waits for its end, and says how it failed. */
void child_end(struct child *child, const char *command);

#endif
