/* SPDX-License-Identifier: MIT */
/*
 * Everything else in a state is a key and its output, which differ in each fresh state.
 * So two that agree, and are not empty, show the counter.
 */
#include "rng/generation.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "rng/vgetrandom.h"

enum { STATE_SIZE = 144, GENERATION_AT = 128, TRIES = 4 };

/* The kernel fills an empty state, and may drop its page, which empties it, too. */
static int read_fresh(const struct vgetrandom *vdso, uint64_t *generation)
{
	unsigned char byte;

	explicit_bzero(vdso->state, vdso->size);

	long got = vgetrandom_read(vdso, &byte, sizeof(byte));

	if (got < 0)
		return (int)got;
	memcpy(generation, (const char *)vdso->state + GENERATION_AT,
	       sizeof(*generation));
	return *generation == 0 ? -EAGAIN : 0;
}

/* The kernel may reseed between two reads, but not between all of them. */
static int read_agreed(const struct vgetrandom *vdso, uint64_t *generation)
{
	uint64_t first = 0;
	int rc = -EPROTO;

	for (int i = 0; i < TRIES; i++) {
		rc = read_fresh(vdso, generation);
		if (rc == 0 && *generation == first)
			return 0;
		first = *generation;
	}
	return rc < 0 ? rc : -EPROTO;
}

int generation_read(uint64_t *generation)
{
	struct vgetrandom vdso;
	int rc = vgetrandom_open(&vdso);

	*generation = 0;
	if (rc < 0)
		return rc;
	rc = vdso.size == STATE_SIZE ? read_agreed(&vdso, generation) : -EPROTO;
	vgetrandom_close(&vdso);
	return rc;
}
