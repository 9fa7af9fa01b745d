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
	int error; /* 0 or -errno */
	size_t len;
	unsigned char data[HWRNG_BYTES];
};

/*
 * Reads /dev/hwrng, non-blocking, in a child process, for at most 1 s: some drivers sleep
 * all the same. becomes: this process will become another program, which may fork.
 * Returns NULL where there is no generator, or no memory; else memory for hwrng_free(),
 * whose error is -ETIMEDOUT where the device did not give all in that time; -ENXIO where
 * the file is not the device 10:183; -ECHILD where no child can be started.
 */
struct hwrng *hwrng_read(bool becomes);

/* Wipes it first. NULL is allowed. */
void hwrng_free(struct hwrng *hwrng);

/*
 * Why it does not count as fresh input: a static string; NULL: it does. It has to go
 * beyond HWRNG_STALE, must not repeat any eight bytes, and no value of a byte may be far
 * too frequent; each happens to random bytes less than once in 2^40 times.
 */
const char *hwrng_unfit(const struct hwrng *hwrng);

#endif
