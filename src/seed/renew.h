/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RENEW_H
#define CRNG_RENEW_H

#include "seed/files.h"
#include "seed/protocol.h"

/* A part of the protocol. */

/*
 * Replaces all seeds of the directory with disk: as a creditable one if *creditable is
 * set and nothing speaks against the place; else *creditable becomes false, and why has
 * the reason. A dry run only foresees that. Returns 0, or -errno with what and call set.
 */
int seed_renew(struct seed *seed, const unsigned char disk[SEED_BYTES], bool *creditable,
	       char why[SEED_WHY_MAX]);

/* Notes what failed, and returns rc. */
int seed_fail(struct seed *seed, int rc, const char *what, const char *call);

#endif
