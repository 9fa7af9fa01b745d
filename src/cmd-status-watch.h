/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_STATUS_WATCH_H
#define CRNG_CMD_STATUS_WATCH_H

#include <stdint.h>

#include "status/render/render.h"

/*
 * Keeps showing the state of the running system on standard output: in place on a
 * terminal, else one report after another with a blank line between. Refreshes every
 * interval nanoseconds (at least 0.1 s), when the terminal's size changes, and when the
 * RNG becomes ready, which ends it, unless the RNG was ready at the start. Returns 0, or
 * -errno of the output or -ENOMEM. Nothing that was printed before may be left in
 * io_out().
 */
int status_watch(const struct renderer *renderer, const struct render_style *style,
		 int64_t interval);

#endif
