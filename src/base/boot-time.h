/* SPDX-License-Identifier: MIT */
#ifndef CRNG_BOOT_TIME_H
#define CRNG_BOOT_TIME_H

#include <stdint.h>

/*
 * When a captured system booted: btime of /proc/stat below root (proc(5)), in seconds
 * since the epoch. Returns it, -errno of reading the file, or -ENODATA: it does not tell.
 */
int64_t boot_time_captured(int root);

#endif
