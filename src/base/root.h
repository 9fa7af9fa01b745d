/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ROOT_H
#define CRNG_ROOT_H

#include <stddef.h>

/* Stands for the descriptor of the root directory of the running system. */
#define ROOT_LIVE (-100)

/*
 * Opens what is at the absolute path below root, closed on exec, with the flags of
 * open(2). ROOT_LIVE is the running system; for any other root symbolic links cannot
 * lead out of it (RESOLVE_IN_ROOT, openat2(2), Linux 5.6; resolve.h where that is missing
 * or forbidden). Returns the descriptor or -errno; -ETIMEDOUT for a path that is known
 * not to answer (ask.h), as the next two do.
 */
int root_open_any(int root, const char *path, int flags);

/* Opens the regular file there for reading; -EINVAL for what is not a regular file. */
int root_open(int root, const char *path);

/*
 * Reads at most size - 1 bytes of that file into buf and ends them with NUL. Returns the
 * number of bytes or -errno.
 */
long root_read(int root, const char *path, char *buf, size_t size);

/* Is there something at path, even a link that leads nowhere? 1 yes, 0 no, or -errno. */
int root_exists(int root, const char *path);

#endif
