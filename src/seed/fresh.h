/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FRESH_H
#define CRNG_FRESH_H

enum { FRESH_BYTES = 48 };

/*
 * Fresh bytes for the seed of the next boot. Returns 0 where a ready RNG gave them (at
 * least 256 bits, at once); else -errno, such as -EAGAIN where it is not ready, and then
 * they are the best that can be had, and earn no credit. Never waits, and reads no
 * device, which would delay readiness on Linux 4.8 to 5.16.
 */
int fresh_take(unsigned char bytes[FRESH_BYTES]);

#endif
