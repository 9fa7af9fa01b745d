/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MEMORY_H
#define CRNG_MEMORY_H

#include <stdint.h>

/*
 * How many bytes of memory this process may use before the kernel kills a process of its
 * control group: memory.max of the group and of those above it. UINT64_MAX: no limit is
 * known.
 */
uint64_t memory_usable(void);

#endif
