/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_TARGET_H
#define CRNG_KEYFILE_TARGET_H

/*
 * May what bears the name in the directory dir be replaced by a file? A regular file, a
 * link to one, a dangling link and nothing may. Returns 0 or -errno: -EISDIR; -ENOTSUP
 * for a device, pipe or socket, for a directory in procfs, and for a symbolic link that
 * leads into procfs by whatever way, as /dev/stdout does: that is a descriptor, not a
 * name.
 */
int keyfile_check_target(int dir, const char *name);

#endif
