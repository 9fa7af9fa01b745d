/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DURABLE_H
#define CRNG_DURABLE_H

/*
 * Why what has been synced in the directory may be lost or reverted at the next boot: a
 * static string, or NULL if it is known to last. Looks at the file system (statfs(2)),
 * its mount options, the upper layer of overlayfs, and the block devices below (sysfs);
 * anything that it cannot see is a reason as well. witness names a file of at most 512
 * bytes in the directory, or is NULL if there is none yet. The upper layer must hold that
 * file, which shows that it is the right layer, and that the file is in no lower one.
 */
const char *durable_doubt(int dir, const char *witness);

/* For backing.h: the same for a file, of a loop device, that lies depth layers below. */
const char *durable_below(int file, unsigned int depth);

#endif
