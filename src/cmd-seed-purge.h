/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_SEED_PURGE_H
#define CRNG_CMD_SEED_PURGE_H

#include <stdbool.h>

/*
 * Removes all seed files below sysroot, or those of the running system (NULL), says which
 * on standard output, and names what else the copies of an image should not share.
 * Standard output has been flushed when it returns. Returns an enum exit_status.
 */
int seed_purge(const char *sysroot, bool dry_run, bool quiet, bool verbose);

#endif
