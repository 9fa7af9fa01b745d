/* SPDX-License-Identifier: MIT */
#ifndef CRNG_BULK_H
#define CRNG_BULK_H

#include <stdbool.h>

#include "chars.h"
#include "source.h"
#include "vgetrandom.h"

/* One worker's own way to the bytes of a source that all share. */
struct bulk {
	const struct source *source;
	const struct chars *chars; /* NULL: bytes, else characters of this set */
	bool fast;		   /* through ChaCha20, see expand.h */

	/* Set by bulk_open(). */
	bool mapped;
	struct vgetrandom vdso;
};

/*
 * Turns to the vDSO where that gives the same as the source: getrandom(2) without flags,
 * from a CRNG known to be ready. Where there is none all stays as it is, which is no
 * error.
 */
void bulk_open(struct bulk *bulk);

/* Fills buf with exactly n bytes or characters. Returns 0 or -errno of source_fill(). */
int bulk_fill(const struct bulk *bulk, uint8_t *buf, size_t n);

void bulk_close(struct bulk *bulk);

#endif
