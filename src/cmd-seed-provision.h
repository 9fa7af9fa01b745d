/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_SEED_PROVISION_H
#define CRNG_CMD_SEED_PROVISION_H

#include <stdbool.h>

/*
 * Puts one fresh seed, which the first boot will credit, into the image whose tree is at
 * sysroot. Returns an enum exit_status.
 */
int seed_provision(const char *sysroot, bool quiet, bool verbose);

#endif
