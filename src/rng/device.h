/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DEVICE_H
#define CRNG_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

enum device { DEVICE_RANDOM, DEVICE_URANDOM };

/* "/dev/random" or "/dev/urandom". */
const char *device_path(enum device device);

/*
 * Opens the device for reading, non-blocking, closed on exec. Returns the descriptor or
 * -errno; -ENODEV where the file is not the character device 1:8 or 1:9 that it must be
 * (Linux, Documentation/admin-guide/devices.txt).
 */
int device_open(enum device device);

/*
 * Opens /dev/random, or else /dev/urandom, for the ioctls, which both know. Returns the
 * descriptor or, where neither can be opened, the -errno of the first one, which *path
 * names.
 */
int device_open_either(const char **path);

/*
 * Waits until poll(2) says that the open /dev/random is readable, at most until deadline
 * (deadline.h). Returns 0, -ETIMEDOUT or -errno.
 */
int device_wait(int fd, int64_t deadline);

/*
 * Does "readable" mean that the CRNG is ready? True from Linux 5.6 on, where the blocking
 * pool is gone. GRND_INSECURE shows that, or /proc/sys/kernel/random if it has poolsize
 * but no longer read_wakeup_threshold. False where neither can be seen: before 5.6,
 * readable only means 64 bits in the input pool (drivers/char/random.c, 3.10 to 5.5).
 */
bool device_poll_means_ready(void);

#endif
