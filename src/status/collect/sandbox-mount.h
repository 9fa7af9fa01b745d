/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SANDBOX_MOUNT_H
#define CRNG_SANDBOX_MOUNT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Does process 1 have the file of fd, which is on this device and on a read-only mount
 * here, on a mount that it can write to? Then the mount belongs to a sandbox, such as
 * that of ProtectSystem=strict, and the file system is not read-only. False where the
 * mounts of process 1 cannot be seen.
 */
bool sandbox_mount(int fd, dev_t device);

#endif
