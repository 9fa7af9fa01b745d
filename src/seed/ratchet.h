/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RATCHET_H
#define CRNG_RATCHET_H

#include "seed/files.h"

/* Two values from one key; neither can be computed from the other. */
struct ratchet {
	unsigned char disk[SEED_BYTES];	  /* the seed that replaces the old ones */
	unsigned char kernel[SEED_BYTES]; /* what the kernel gets now */
};

/*
 * Derives both from the clocks, all seeds that were on the disk, and n fresh bytes, with
 * SHA-256. An attacker who lacks one of the seeds, or the fresh bytes, can compute
 * neither. So no entropy gets lost, and no boot gets the same value as an earlier one.
 * The key is wiped. Works before the RNG is ready: it takes no random bytes.
 */
void ratchet(const struct stored_seed files[SEED_KINDS], const void *fresh, size_t n,
	     struct ratchet *out);

#endif
