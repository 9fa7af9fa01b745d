/* SPDX-License-Identifier: MIT */
#ifndef CRNG_STREAM_H
#define CRNG_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "rng/rng.h"
#include "rng/wait.h"

/* What is known about the bytes of a stream. */
enum stream_trust {
	STREAM_READY,	  /* the CRNG was ready before the first byte */
	STREAM_UNPROVEN,  /* without getrandom(2); poll(2) proves little or nothing */
	STREAM_NOT_READY, /* RNG_INSECURE before the CRNG is ready: may be predictable */
};

struct stream {
	enum rng_kind kind;
	bool nonblock; /* never wait, neither now nor later: -EAGAIN */

	/* For readiness; its deadline holds for all other waiting as well. */
	struct wait_request wait;

	/* Set by stream_open(). */
	enum stream_trust trust;
	const char *what; /* what was asked last: "getrandom", "/dev/random", ... */
	int fd;		  /* a device to read, or -1: getrandom(2) */
};

/*
 * Makes the stream ready to give bytes of stream->kind: waits for readiness as long as
 * nonblock and the deadline allow (RNG_INSECURE never waits), and where getrandom(2) is
 * missing or forbidden (-ENOSYS, -EPERM) turns to /dev/random and /dev/urandom. Returns
 * 0; -EAGAIN: not ready and nonblock; -ETIMEDOUT: not ready by the deadline; with
 * STREAM_UNPROVEN these two only say that /dev/random had nothing to give. Else -errno,
 * with stream->what naming what failed. Needs stream_close() in each case.
 */
int stream_open(struct stream *stream);

/*
 * Fills buf with exactly n bytes, however many calls that takes. Returns 0 or -errno,
 * after which buf holds no more than a part and must not be used; -EAGAIN and -ETIMEDOUT
 * come only from RNG_RANDOM before Linux 5.6, where a drained pool makes readers wait.
 */
int stream_fill(const struct stream *stream, void *buf, size_t n);

void stream_close(struct stream *stream);

#endif
