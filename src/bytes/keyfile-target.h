/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_TARGET_H
#define CRNG_KEYFILE_TARGET_H

#include <stdbool.h>

/*
 * May a file take this name in the directory dir? Nothing may be there or, if it may
 * replace that, a regular file, a link to one or a dangling link. Returns 0 or -errno:
 * -EEXIST; -EISDIR; -ENOTSUP for a device, pipe or socket, for a directory in procfs, and
 * for a symbolic link that leads into procfs in any way, as /dev/stdout does: that is a
 * descriptor, not a name.
 */
int keyfile_check_target(int dir, const char *name, bool replace);

#endif
