/* SPDX-License-Identifier: MIT */
#ifndef CRNG_STREAM_H
#define CRNG_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rng/rng.h"

/* What is known of the bytes that a source gives. */
enum source_trust {
	SOURCE_READY,	  /* the CRNG was ready before the first byte */
	SOURCE_UNPROVEN,  /* without getrandom(2), and poll(2) proves little or nothing */
	SOURCE_NOT_READY, /* RNG_INSECURE before the CRNG is ready: may be predictable */
};

struct source {
	enum rng_kind kind;
	bool nonblock;	  /* never wait, neither now nor later: -EAGAIN */
	int64_t deadline; /* of all waiting; deadline.h */

	/* Set by source_open(). */
	enum source_trust trust;
	const char *what; /* what was asked last: "getrandom", "/dev/random", ... */
	int child_error;  /* see wait.h */
	int fd;		  /* a device to read, or -1: getrandom(2) */
};

/*
 * Makes the source ready to give bytes of source->kind: waits for readiness as long as
 * nonblock and deadline allow (RNG_INSECURE never waits), and where getrandom(2) is
 * missing or forbidden (-ENOSYS, -EPERM) turns to /dev/random and /dev/urandom. Returns
 * 0; -EAGAIN: not ready and nonblock; -ETIMEDOUT: not ready by the deadline; with
 * SOURCE_UNPROVEN these two only say that /dev/random had nothing to give. Else -errno,
 * with source->what naming who said so. Needs source_close() in each case.
 */
int source_open(struct source *source);

/*
 * Fills buf with exactly n bytes, however many calls that takes. Returns 0 or -errno,
 * after which buf holds no more than a part and must not be used; -EAGAIN and -ETIMEDOUT
 * can only come of RNG_RANDOM before Linux 5.6, where a drained pool makes readers wait.
 */
int source_fill(const struct source *source, void *buf, size_t n);

void source_close(struct source *source);

#endif
