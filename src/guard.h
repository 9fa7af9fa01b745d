/* SPDX-License-Identifier: MIT */
#ifndef CRNG_GUARD_H
#define CRNG_GUARD_H

#include <stdbool.h>

/*
 * What a deadly signal does before it ends the program; one that the caller ignores
 * (nohup) stays ignored, and exec(2) undoes it all. SIGKILL and crashes do nothing.
 *
 * guard_name(): removes the file of that name in the directory dir. The name must live
 * until guard_name(-1, NULL), which ends it.
 * guard_line(): clears the line that message_transient() has drawn.
 */
void guard_name(int dir, const char *name);
void guard_line(bool drawn);

#endif
