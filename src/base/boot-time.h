/* SPDX-License-Identifier: MIT */
#ifndef CRNG_BOOT_TIME_H
#define CRNG_BOOT_TIME_H

#include <stdint.h>

/*
 * The time of the wall clock when the system booted, in microseconds since the epoch.
 * root is ROOT_LIVE (root.h): the time now less the time since boot, which includes
 * suspend. Any other root is a captured tree: btime of its /proc/stat (proc(5)), in whole
 * seconds. Returns it; -ERANGE where the clock is not set; -errno of reading the file; or
 * -ENODATA where the file has no btime.
 */
int64_t boot_time_usec(int root);

#endif
