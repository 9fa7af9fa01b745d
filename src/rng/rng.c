/* SPDX-License-Identifier: MIT */
/*
 * The raw system call, not libc's wrapper: a libc that reads through the vDSO, or falls
 * back to something else, would answer a different question.
 */
#include "rng/rng.h"

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A count above n cannot come from a kernel; nothing may be concluded from it. */
static long call(void *buf, size_t n, unsigned int flags)
{
	long got;

	do {
		got = syscall(SYS_getrandom, buf, n, flags);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	return (size_t)got > n ? -EIO : got;
}

int rng_probe(void)
{
	return (int)call(NULL, 0, GRND_NONBLOCK);
}

int rng_barrier(void)
{
	return (int)call(NULL, 0, 0);
}

int rng_knows_insecure(void)
{
	return (int)call(NULL, 0, GRND_INSECURE);
}

long rng_read(enum rng_kind kind, bool nonblock, void *buf, size_t n)
{
	static const unsigned int flags[] = {
		[RNG_DEFAULT] = 0,
		[RNG_RANDOM] = GRND_RANDOM,
		[RNG_INSECURE] = GRND_INSECURE,
	};

	return call(buf, n < INT_MAX ? n : INT_MAX,
		    flags[kind] | (nonblock ? GRND_NONBLOCK : 0));
}
