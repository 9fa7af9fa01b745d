/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_RESEED_WATCH_H
#define CRNG_CMD_RESEED_WATCH_H

#include "cmd-reseed-once.h"

/*
 * Reseeds, and runs the command, each time the generation of the virtual machine changes.
 * Returns only on failure: an enum exit_status.
 */
int reseed_watch(const struct reseed_options *o, struct reseed *reseed);

/* Only tells whether VMClock signals clones. Returns an enum exit_status. */
int reseed_watch_dry(const struct reseed_options *o);

#endif
