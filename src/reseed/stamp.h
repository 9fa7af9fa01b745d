/* SPDX-License-Identifier: MIT */
#ifndef CRNG_STAMP_H
#define CRNG_STAMP_H

#include <stdint.h>

#include "rng/vmclock.h"

/*
 * Replaces the file VMCLOCK_RECORD, atomically. Returns 0; -EXDEV where /run is not in
 * memory, so that the next boot would find it; or another -errno. Then it is removed, so
 * that nothing is concluded from an old one.
 */
int stamp_write(uint64_t vm_generation);

/* Reads it. Returns 0; -ENOENT; -EINVAL: it is not a number; or another -errno. */
int stamp_read(uint64_t *vm_generation);

#endif
