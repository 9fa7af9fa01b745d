/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JUDGE_KERNEL_H
#define CRNG_JUDGE_KERNEL_H

#include "status/facts.h"

/*
 * The part of judge_facts() that is about the kernel, whatever has happened since boot:
 * the era of its RNG, what it can do, what entropy_avail means, whether it credits the
 * CPU.
 */
void judge_kernel(struct facts *facts);

#endif
