/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RNG_H
#define CRNG_RNG_H

#include <linux/random.h>
#include <stdbool.h>
#include <stddef.h>

#ifndef GRND_INSECURE /* headers before Linux 5.6 */
#define GRND_INSECURE 0x0004
#endif

/*
 * The kernel's random number generator: the only file that calls getrandom(2). "Kernel"
 * below names files of Linux; "man" is getrandom(2).
 */

/*
 * Is the CRNG ready? getrandom(NULL, 0, GRND_NONBLOCK): takes no bytes, never waits,
 * opens nothing. 0: ready, and it stays ready until the next boot. -EAGAIN: not ready.
 * -ENOSYS (before Linux 3.17, or a sandbox), -EPERM (seccomp) or any other error:
 * undetermined. Kernel: drivers/char/random.c, readiness is tested before the length in
 * 3.17 to 6.19.
 */
int rng_probe(void);

/*
 * Sleeps until the CRNG is ready, without a limit: getrandom(NULL, 0, 0). From Linux 5.4
 * on this makes the kernel gather entropy by itself (try_to_generate_entropy()); no other
 * call does. Takes no bytes. Returns 0 or -errno, never -EINTR. In 5.4 to 5.17 not even
 * SIGKILL ends it while it gathers.
 */
int rng_barrier(void);

/*
 * Does the kernel know GRND_INSECURE (Linux 5.6, and stable kernels that carry the
 * rewrite of 2022)? Where it does, /dev/random is readable exactly when the CRNG is
 * ready, and poll(2) on it tells that. Returns 0: yes; -EINVAL: no; -ENOSYS, -EPERM, ...:
 * unknown.
 */
int rng_knows_insecure(void);

/* How bytes are asked for. Those that may be worse than the CRNG's have a name. */
enum rng_kind {
	RNG_DEFAULT, /* flags 0 */
	RNG_RANDOM, /* GRND_RANDOM: the blocking pool before 5.6, then the same */
	RNG_INSECURE, /* GRND_INSECURE: never waits, ready or not */
};

/*
 * One getrandom(2) of at most n bytes into buf. nonblock adds GRND_NONBLOCK: -EAGAIN
 * where it would wait. Returns the number of bytes, which may be less than n, or -errno;
 * EINTR is retried. The most that one call gives is INT_MAX rounded down to a page,
 * 33554431 bytes before Linux 5.18.
 */
long rng_read(enum rng_kind kind, bool nonblock, void *buf, size_t n);

#endif
