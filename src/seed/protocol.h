/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROTOCOL_H
#define CRNG_PROTOCOL_H

#include <stdbool.h>

#include "seed/machine.h"

/*
 * Carries a seed from one boot to the next. A seed is credited at most once, by the
 * machine that made it, after its replacement is durable; a seed that others may know, or
 * that may reappear, is mixed without credit. Machines without an identity (machine.h)
 * cannot be told apart.
 */

enum { SEED_WHY_MAX = 256 };

/* What became of one step, and why nothing better. */
struct seed_step {
	bool done;		/* there was something to do */
	bool good;		/* load: credited; save: the next boot can credit it */
	bool kept;		/* save: the seed on the disk is better, and stays */
	unsigned int bits;	/* 256, or fewer where the old seeds are short */
	char why[SEED_WHY_MAX]; /* where it is not good, or is kept */
};

struct seed {
	const char *path; /* the directory */
	bool no_credit;	  /* mix without credit */
	bool any_machine; /* also credit what another machine made */
	bool dry_run;	  /* change nothing, and say in the steps what would happen */

	/* Set on return. */
	struct seed_step loaded, saved;
	bool next_credited; /* a seed is there that the next boot will credit */
	struct machine machine;
	struct machine found; /* the same before anything was changed */
	bool looked;

	/*
	 * After an error: what failed, such as "seed.new", or NULL for the directory; the
	 * call, or NULL; and what an error number cannot say, or NULL. Static strings.
	 */
	const char *what, *call, *problem;

	int dir, device;
	int place; /* dir or, in a dry run without one, the directory it would be in */
};

/*
 * Opens the device by which the kernel takes a seed, and checks the permission to use it
 * (rnd_permitted(), with its errors). Returns 0 or -errno, with what naming the device.
 */
int seed_open_device(struct seed *seed);

/*
 * Opens the directory, makes it if it is missing, and locks it; a dry run does neither.
 * Returns 0; -ETIMEDOUT: another process has held the lock for 10 s; or -errno.
 */
int seed_open_directory(struct seed *seed);

/*
 * Loads what is there: replaces it, and then gives the kernel what was derived from it.
 * Returns 0; or -errno, and then loaded.done says whether the seed was mixed, without
 * credit. If there is no seed, nothing is mixed.
 */
int seed_load(struct seed *seed);

/*
 * Saves a seed for the next boot: from the RNG if that is ready, else from what is there.
 * Never waits. Returns 0 or -errno; after an error, a seed is on the disk if one was
 * before.
 */
int seed_save(struct seed *seed);

/* Gives the lock back; the results stay. */
void seed_close_directory(struct seed *seed);
void seed_close(struct seed *seed);

#endif
