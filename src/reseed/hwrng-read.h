/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HWRNG_READ_H
#define CRNG_HWRNG_READ_H

#include <stdbool.h>
#include <stddef.h>

#define HWRNG_PATH "/dev/hwrng"

enum {
	HWRNG_BYTES = 1024,
	/*
	 * Buffers of the virtio-rng driver and of the hw_random core, filled ahead of
	 * time, lie in the memory of a guest: what is read first after a restore may be
	 * what the snapshot had, the same in every clone. They have at most 2 x 256 bytes
	 * (SMP_CACHE_BYTES of s390; 2 x 64 elsewhere).
	 */
	HWRNG_STALE = 512,
	HWRNG_FRESH_MIN = 16,
};

/* What a hardware generator gave. */
struct hwrng {
	bool absent;	     /* there is no generator */
	const char *failure; /* a static string, or NULL */
	size_t len;	     /* of data; also after a failure */
	unsigned char data[HWRNG_BYTES];
};

/*
 * Reads /dev/hwrng into *hwrng, non-blocking, in a child process, for at most 1 s: some
 * drivers sleep all the same. *hwrng must be zeroed aside_memory() (aside.h). becomes:
 * this process will become another program, which may fork.
 */
void hwrng_read(bool becomes, struct hwrng *hwrng);

/*
 * Why it does not count as fresh input: a static string; NULL: it does. It has to go
 * beyond HWRNG_STALE, must not repeat any eight bytes, and no value of a byte may be far
 * too frequent; each happens to random bytes less than once in 2^40 times.
 */
const char *hwrng_unfit(const struct hwrng *hwrng);

#endif
