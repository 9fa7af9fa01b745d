/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_TARGET_H
#define CRNG_KEYFILE_TARGET_H

/*
 * May a file take this name in the directory dir? It may replace a regular file, a link
 * to one, a dangling link, or nothing. Returns 0 or -errno: -EISDIR; -ENOTSUP for a
 * device, pipe or socket, for a directory in procfs, and for a symbolic link that leads
 * into procfs in any way, as /dev/stdout does: that is a descriptor, not a name.
 */
int keyfile_check_target(int dir, const char *name);

#endif
