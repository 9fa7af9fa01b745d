/* SPDX-License-Identifier: MIT */
#ifndef CRNG_BACKING_H
#define CRNG_BACKING_H

#include <stdbool.h>
#include <sys/types.h>

/* What a file system lies on. Parts of durable.h. */

/*
 * Why what is stored on the block device may be lost: a static string, or NULL. Follows
 * what lies below it, by sysfs: the parts of device mapper and md, and the files of loop
 * devices, down to a limit of layers.
 */
const char *backing_doubt(dev_t device, unsigned int depth);

/*
 * The same for a file system of that type (statfs(2)). on_device tells whether it shows
 * the block device that it lies on.
 */
const char *backing_type_doubt(unsigned long type, bool on_device);

#endif
