/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHACHA_H
#define CRNG_CHACHA_H

#include <stddef.h>

#include "rng/stream.h"

/*
 * Chooses the fastest ChaCha20 that this CPU can run. What libsodium itself wants of
 * random bytes at its start comes from the stream as well: by itself it would wait for an
 * RNG that is not ready, open devices, and abort where there are none. To be called once,
 * behind stream_open(), before there are threads. Returns 0 or -errno of stream_fill().
 */
int chacha_init(const struct stream *stream);

/*
 * Fills buf with n bytes of ChaCha20 under a 256-bit key that is taken from the stream
 * for this call and wiped before it returns: no state reaches from one call to the next.
 * Against whoever cannot break ChaCha20, each call's bytes are as good as the key.
 * Returns 0 or -errno of stream_fill().
 */
int chacha_fill(const struct stream *stream, void *buf, size_t n);

/*
 * Overwrites what chacha_fill() has left of its last block in this thread's vector
 * registers and stack, with the stream of a key of zeros.
 */
void chacha_scrub(void);

#endif
