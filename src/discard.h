/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DISCARD_H
#define CRNG_DISCARD_H

#include <stdbool.h>

/*
 * Removes the name from the directory dir. Where that is not allowed (chattr +a,
 * Landlock) the file fd, which has this name, is emptied, or overwritten with zeros where
 * it cannot be shortened; erased tells whether one of the two could be done. Returns 0,
 * also if there is no such name any more, or -errno of the removal. A signal handler may
 * call it.
 */
int discard(int dir, const char *name, int fd, bool *erased);

#endif
