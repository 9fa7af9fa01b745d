/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EXPIRY_H
#define CRNG_EXPIRY_H

#include <stddef.h>

#include "rng/wait.h"

/* Why the RNG of this machine is not ready yet, in half a line. */
void expiry_reason(char *text, size_t size);

/* Says on standard error that the time given ran out for this wait, and why. */
void expiry_report(const struct wait_request *wait);

#endif
