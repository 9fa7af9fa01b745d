/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_STATUS_WATCH_H
#define CRNG_CMD_STATUS_WATCH_H

#include <stdint.h>

#include "status/render/render.h"

/*
 * Shows the running system's state again and again on standard output: in place on a
 * terminal, else one report after the other with a blank line between. Looks anew every
 * interval nanoseconds (0.1 s at least), when the terminal's size changes, and when the
 * RNG becomes ready, which ends it, unless it was ready at the start. Returns 0, or
 * -errno of the output or for want of memory. Nothing may be left to print before.
 */
int status_watch(const struct renderer *renderer, const struct render_style *style,
		 int64_t interval);

#endif
