/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLONE_H
#define CRNG_CLONE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/identity.h"
#include "rng/vmclock.h"

/*
 * What tells this clone from others, but can be guessed: it is mixed, and never counts as
 * fresh. Empty where it cannot be read.
 */
struct clone {
	struct timespec clocks[3];
	unsigned char vmclock[VMCLOCK_BYTES];
	struct identity identity;
};

void clone_look(struct clone *clone);

/*
 * Does VMClock count the generations of the virtual machine? Then *generation is the
 * current one.
 */
bool clone_generation(uint64_t *generation);

#endif
