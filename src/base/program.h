/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROGRAM_H
#define CRNG_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The parts of child.h. */

struct program {
	pid_t pid;
	int out; /* its standard output, to be read */
};

/*
 * Starts the program as child.h says. It also inherits the descriptors in keep, which end
 * with -1; NULL: none. Returns 0 or -errno.
 */
int program_start(struct program *program, const char *const argv[], const int *keep);

/*
 * Closes the output and waits for the child as program_wait() does, with a grace of
 * 100 ms; kills it before unless its end is wanted, and after if it has not ended.
 * Returns whether it ended by itself and succeeded; where SIGCHLD is ignored nobody can
 * know that, and its output has to be enough.
 */
bool program_end(const struct program *program, bool wanted);

/*
 * Is the process asleep, stopped, or dead? Yes also where that cannot be known. A tracing
 * stop is none of these.
 */
bool program_is_asleep(pid_t pid);

/*
 * Waits for a child that has ended or was killed. One that is asleep after the grace, in
 * nanoseconds, may be deaf even to SIGKILL, as in the RNG of Linux 5.4 to 5.17, and is
 * left alone; one that has only not had its turn is waited for, for at most 1 s. Returns
 * as waitpid(pid, status, WNOHANG) does.
 */
pid_t program_wait(pid_t pid, int64_t grace, int *status);

#endif
