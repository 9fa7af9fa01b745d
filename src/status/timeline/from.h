/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FROM_H
#define CRNG_FROM_H

#include "status/timeline/timeline.h"

/*
 * Each fills an empty timeline from the log of the running kernel. Returns NULL, or a
 * static string: why that log cannot be read.
 */
const char *timeline_from_kmsg(struct timeline *timeline);
const char *timeline_from_journal(struct timeline *timeline);

#endif
