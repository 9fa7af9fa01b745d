/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FIND_MOUNT_H
#define CRNG_FIND_MOUNT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "seed/mountinfo.h"

/*
 * Finds the mount that an open file is on: by its mount ID or, before Linux 3.15, as the
 * first one of this device. The members of mount point into *line, which is NULL before
 * the call and must always be freed after it. False without /proc, or if the mount is not
 * in it.
 */
bool find_mount(int fd, dev_t device, char **line, struct mountinfo *mount);

/* Copies the path of an open file, as /proc names it. False without /proc. */
bool find_path(int fd, char path[PATH_MAX]);

#endif
