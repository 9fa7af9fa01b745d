/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DISCARD_H
#define CRNG_DISCARD_H

#include <stdbool.h>

/*
 * Removes the name from the directory dir. Where that is not allowed (chattr +a,
 * Landlock) the bytes of the file fd, which has this name, are discarded; erased tells
 * whether that could be done. The same if the file has another name as well. Returns 0,
 * also if there is no such name any more, or -errno of the removal. A signal handler may
 * call it.
 */
int discard(int dir, const char *name, int fd, bool *erased);

/* Empties the file, or overwrites it with zeros where it cannot be shortened. */
bool discard_bytes(int fd);

#endif
