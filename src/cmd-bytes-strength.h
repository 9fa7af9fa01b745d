/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_STRENGTH_H
#define CRNG_CMD_BYTES_STRENGTH_H

#include "bytes/job.h"

/*
 * Says on standard error how strong what was written is, as a secret. Nothing is said of
 * bytes from an RNG that was not ready, or perhaps not, and of an endless output.
 */
void bytes_say_strength(const struct job *job);

#endif
