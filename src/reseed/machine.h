/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MACHINE_H
#define CRNG_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "rng/vmclock.h"

/*
 * What tells this clone from others, but can be guessed: it is mixed, and never counts as
 * fresh. Empty where it cannot be read.
 */
struct machine {
	struct timespec clocks[3];
	unsigned char vmclock[VMCLOCK_BYTES];
	char product_uuid[64];	/* of DMI */
	char serial_number[64]; /* of the device tree */
};

void machine_look(struct machine *machine);

/*
 * Does VMClock count the generations of the virtual machine? Then *generation is the
 * current one.
 */
bool machine_generation(uint64_t *generation);

#endif
