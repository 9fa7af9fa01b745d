/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DISCARD_H
#define CRNG_DISCARD_H

#include <stdbool.h>

/*
 * Removes the name from the directory dir. Where that is not allowed (chattr +a,
 * Landlock), discards the bytes of the file fd, which has this name, and sets *erased to
 * whether that worked. Discards them also if the file has another name. Returns 0, also
 * if the name is already gone, or -errno of the removal. A signal handler may call this.
 */
int discard(int dir, const char *name, int fd, bool *erased);

/* Empties the file, or overwrites it with zeros where it cannot be shortened. */
bool discard_bytes(int fd);

#endif
