/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_RESEED_REPORT_H
#define CRNG_CMD_RESEED_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "reseed/reseed.h"

/* Says what failed, and what to do; returns the exit status. */
int reseed_report_failure(const struct reseed *reseed, int rc);

/* Says which sources do not count as fresh, and why; and whether proof is missing. */
void reseed_report_doubts(const struct reseed *reseed);

enum { RESEED_LINE_MAX = 512 };

/* Writes "reseeded (PROOF): SOURCES" to line. */
void reseed_report_line(const struct reseed *reseed, char line[RESEED_LINE_MAX]);

/* Prints it as an object of share/crng-reseed.schema.json. */
void reseed_report_json(const struct reseed *reseed, FILE *out);

#endif
