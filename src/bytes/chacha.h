/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHACHA_H
#define CRNG_CHACHA_H

#include <stddef.h>

#include "rng/stream.h"

/*
 * Chooses the fastest ChaCha20 that this CPU can run. The random bytes that libsodium
 * itself wants at its start come from the stream as well: on its own it would wait for an
 * RNG that is not ready, open devices, and abort where there are none. To be called once,
 * after stream_open() and before there are threads. Returns 0 or -errno of stream_fill().
 */
int chacha_init(const struct stream *stream);

/*
 * Fills buf with n bytes of ChaCha20 under a 256-bit key that is taken from the stream
 * for this call and wiped before it returns: no state is carried from one call to the
 * next. Against anyone who cannot break ChaCha20, the bytes of each call are as good as
 * the key. Returns 0 or -errno of stream_fill().
 */
int chacha_fill(const struct stream *stream, void *buf, size_t n);

/*
 * Overwrites what chacha_fill() has left of its last block in this thread's vector
 * registers and stack, by generating bytes from a key of zeros.
 */
void chacha_scrub(void);

/* The version of libsodium that is in use, "1.0.18"; points to a static string. */
const char *chacha_library_version(void);

#endif
