/* SPDX-License-Identifier: MIT */
#ifndef CRNG_GUARD_H
#define CRNG_GUARD_H

/*
 * From now on a deadly signal removes the file of that name in the directory dir before
 * it ends the program; a signal that the caller ignores (nohup) stays ignored. The name
 * must live until guard_name(-1, NULL), which ends it. SIGKILL and crashes remove
 * nothing.
 */
void guard_name(int dir, const char *name);

#endif
