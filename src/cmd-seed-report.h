/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_SEED_REPORT_H
#define CRNG_CMD_SEED_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "seed/protocol.h"

/* What crng seed says of its steps. */
struct seed_voice {
	bool quiet; /* no good news */
	bool verbose;
	bool json; /* the results are printed as JSON at the end */
};

/* Prints one line about the step, also if there was no seed to load. */
void seed_report_load(const struct seed_voice *voice, const struct seed *seed);
void seed_report_save(const struct seed_voice *voice, const struct seed *seed);

/*
 * Says what failed, with an error of protocol.h, and what to do. Returns the exit status.
 */
int seed_report_device(const struct seed *seed, int rc);
int seed_report_directory(const struct seed *seed, int rc);
int seed_report_failure(const struct seed *seed, int rc);

/*
 * Prints the results as one JSON object (share/crng-seed.schema.json). After a failure it
 * does not say what the next boot will do.
 */
void seed_report_json(const struct seed *seed, bool failed, FILE *out);

#endif
