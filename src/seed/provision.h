/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PROVISION_H
#define CRNG_PROVISION_H

#include <sys/types.h>

/* What failed. */
enum provision_step {
	PROVISION_RNG,
	PROVISION_PARENT,    /* of the directory: opening it */
	PROVISION_DIRECTORY, /* making, opening or locking it */
	PROVISION_ABSENCE,   /* a seed is there already */
	PROVISION_FILE,
};

struct provision {
	enum provision_step step;
	const char *path;    /* of what it is about, below the root; NULL for the RNG */
	const char *problem; /* what an error number cannot say, or NULL; static */
	uid_t owner;	     /* of the seed */
	uid_t dir_owner;
};

/*
 * Puts one fresh seed into SEED_DIRECTORY below the root (root.h), creditable and bound
 * to no machine yet: 32 bytes of getrandom(2), which must be ready. Makes the directory
 * if it is missing. All is durable on return. Returns 0 or -errno, with the step, the
 * path and the problem: -EAGAIN where the RNG is not ready, -EEXIST where there is a
 * seed, or the record of a machine, -ETIMEDOUT where the directory has been locked for
 * 10 s. After an error no new file is left.
 */
int provision(int root, struct provision *p);

#endif
