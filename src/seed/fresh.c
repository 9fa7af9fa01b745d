/* SPDX-License-Identifier: MIT */
/*
 * Invariant: only what getrandom(GRND_NONBLOCK) gave in full is creditable. The order of
 * the system calls: that and, where it failed, getrandom(GRND_INSECURE).
 */
#include "seed/fresh.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

#include "rng/rng.h"

enum { FROM_RNG = 32, FROM_LOADER = 16 };

_Static_assert(FROM_RNG + FROM_LOADER == FRESH_BYTES, "all bytes have a source");

int fresh_take(unsigned char bytes[FRESH_BYTES])
{
	/* The random bytes that the kernel gives each program, ready or not. */
	const void *own = (const void *)getauxval(AT_RANDOM);
	long n = rng_read(RNG_DEFAULT, true, bytes, FROM_RNG);

	memset(bytes + FROM_RNG, 0, FROM_LOADER);
	if (own)
		memcpy(bytes + FROM_RNG, own, FROM_LOADER);
	if (n == FROM_RNG)
		return 0;
	rng_read(RNG_INSECURE, true, bytes, FROM_RNG);
	return n < 0 ? (int)n : -EIO;
}
