/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DIRECTORY_H
#define CRNG_DIRECTORY_H

#include <stdbool.h>

/* The directory that holds the seeds. */

/*
 * Opens the directory at the path, relative to at (openat(2)), makes it (0700) if make is
 * set and it is missing, and checks that only its owner, who is root or this user, can
 * change it. Returns the descriptor or -errno; where *problem is not NULL, it says what
 * an error number cannot.
 */
int directory_open(int at, const char *path, bool make, const char **problem);

/*
 * Opens the directory in which the missing one could be made, as far as can be told.
 * Returns the descriptor or -errno.
 */
int directory_open_parent(const char *path);

/* Waits for the lock that all keepers take: at most 10 s, then -ETIMEDOUT. */
int directory_lock(int dir);

/*
 * Makes all changes of names in the directory durable; where it cannot be synced (an old
 * CIFS), its whole file system is. Returns 0 or -errno.
 */
int directory_sync(int dir);

#endif
