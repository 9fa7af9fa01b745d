/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EXPIRY_H
#define CRNG_EXPIRY_H

#include <stddef.h>

/* Why the RNG of this machine is not ready yet, in half a line. */
void expiry_reason(char *text, size_t size);

/*
 * Says on standard error that the time given ran out, and why. child_error is that of
 * struct wait_request.
 */
void expiry_report(int child_error);

#endif
