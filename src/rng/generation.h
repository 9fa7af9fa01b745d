/* SPDX-License-Identifier: MIT */
#ifndef CRNG_GENERATION_H
#define CRNG_GENERATION_H

#include <stdint.h>

/*
 * Reads the generation of the kernel's CRNG: a counter that each reseed moves on by one,
 * and nothing else (base_crng.generation + 1, drivers/char/random.c, 6.11 to 7.1). Every
 * user can see it, without a privilege and without a file, in the state of the vDSO's
 * getrandom(): the u64 at byte 128 of 144 (struct vgetrandom_state in vdso/getrandom.h,
 * Linux 6.11 to 7.1). The kernel promises no layout, so the counter is believed only
 * where the state has that size and two fresh states agree. Returns 0; -ENOSYS: no such
 * vDSO, or this program cannot call it; -EPROTO: another layout; -EAGAIN: not ready; or
 * another -errno of vgetrandom.h.
 */
int generation_read(uint64_t *generation);

#endif
