/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DUMP_H
#define CRNG_DUMP_H

#include "status/timeline/timeline.h"

void dump_event(const struct timeline_event *event);

/* Runs the named parser on each line of standard input; returns 0, or 2 if unknown. */
int dump_lines(const char *parser);

#endif
