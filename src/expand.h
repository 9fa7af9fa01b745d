/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EXPAND_H
#define CRNG_EXPAND_H

#include <stddef.h>

#include "source.h"

/*
 * Chooses the fastest ChaCha20 that this CPU can run. libsodium reads the kernel's RNG
 * meanwhile and would block on one that is not ready: only behind source_open(). To be
 * called once, before there are threads. Returns 0 or -EIO.
 */
int expand_init(void);

/*
 * Fills buf with n bytes of ChaCha20 under a 256-bit key that is taken from the source
 * for this call and wiped before it returns: no state reaches from one call to the next.
 * Against whoever cannot break ChaCha20, each call's bytes are as good as the key.
 * Returns 0 or -errno of source_fill().
 */
int expand_fill(const struct source *source, void *buf, size_t n);

#endif
