/* SPDX-License-Identifier: MIT */
#ifndef CRNG_STAMP_H
#define CRNG_STAMP_H

#include <stdint.h>

/*
 * The generation of the virtual machine at its last reseed by crng, as a decimal number
 * and a newline. It lies in memory, so that a snapshot carries it along: in a clone it
 * differs from what VMClock shows, until the clone is reseeded.
 */
#define STAMP_PATH "/run/crng/vm-generation"

/*
 * Replaces it, atomically. Returns 0; -EXDEV where /run is not in memory, so that the
 * next boot would find it; or another -errno.
 */
int stamp_write(uint64_t vm_generation);

/* Reads it. Returns 0; -ENOENT; -EINVAL: it is not a number; or another -errno. */
int stamp_read(uint64_t *vm_generation);

#endif
