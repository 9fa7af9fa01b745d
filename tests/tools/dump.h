/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DUMP_H
#define CRNG_DUMP_H

#include "status/timeline/timeline.h"

void dump_event(const struct timeline_event *event);

/* Runs the parser of that name on each line of standard input; returns 0, 2: unknown. */
int dump_lines(const char *parser);

#endif
