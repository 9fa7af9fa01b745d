/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WTMP_H
#define CRNG_WTMP_H

#include <stddef.h>
#include <stdint.h>

/*
 * The times of the latest boots that are on record, in seconds since the epoch, at most
 * max > 0 of them, the latest at the end. root is ROOT_LIVE (root.h): wtmp(5). Any other
 * root is a captured tree: the file crng-capture/boots, which holds only the times, or
 * else its wtmp. Returns their number or -errno.
 */
long wtmp_boots(int root, uint64_t *times, size_t max);

#endif
