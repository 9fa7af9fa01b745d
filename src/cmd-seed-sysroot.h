/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_SEED_SYSROOT_H
#define CRNG_CMD_SEED_SYSROOT_H

/* Opens the tree for root.h. Returns the descriptor, or -1 after a message. */
int sysroot_open(const char *sysroot);

#endif
