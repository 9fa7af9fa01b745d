/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_RESEED_ONCE_H
#define CRNG_CMD_RESEED_ONCE_H

#include "reseed/reseed.h"

/* How to report; popt writes an int. */
struct reseed_options {
	char *input; /* NULL: none */
	int no_hwrng, any, json, quiet, verbose, watch, dry_run;
	char **command; /* NULL: none */
};

/*
 * Reads the input, reseeds with the opened reseed, and reports; what goes to standard
 * output has been written when it returns. Returns an enum exit_status.
 */
int reseed_once(const struct reseed_options *o, struct reseed *reseed);

#endif
