/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FILESYSTEM_H
#define CRNG_FILESYSTEM_H

/*
 * Types of file systems (statfs(2)) that are in no header, or not in those of the oldest
 * Linux that crng is built with.
 */

#include <linux/magic.h>

#ifndef BCACHEFS_SUPER_MAGIC
#define BCACHEFS_SUPER_MAGIC 0xca451a4e
#endif
#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif
#ifndef OVERLAYFS_SUPER_MAGIC
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#endif
#ifndef UBIFS_SUPER_MAGIC
#define UBIFS_SUPER_MAGIC 0x24051905
#endif
#ifndef ZFS_SUPER_MAGIC
#define ZFS_SUPER_MAGIC 0x2fc12fc1
#endif

#endif
