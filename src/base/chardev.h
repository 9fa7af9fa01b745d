/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHARDEV_H
#define CRNG_CHARDEV_H

#include <stdbool.h>
#include <sys/types.h>

/* Minor numbers of the memory devices, major 1 (Linux, admin-guide/devices.txt). */
enum chardev { CHARDEV_RANDOM = 8, CHARDEV_URANDOM = 9, CHARDEV_KMSG = 11 };

/* Is a file with this mode and device number (stat(2)) that device, whatever its name? */
bool chardev_is(mode_t mode, dev_t number, enum chardev device);

#endif
