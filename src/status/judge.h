/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JUDGE_H
#define CRNG_JUDGE_H

#include "status/facts.h"

/*
 * Draws all conclusions from what the collectors have read: the verdict's words, how this
 * kernel's RNG works and what entropy_avail means there, whether the CPU is trusted, when
 * the RNG became ready and what that is worth, whether daemons are of use, whether a host
 * key is too old, whether readiness needs help, and whether the machine is a clone whose
 * RNG was not reseeded. Facts in, facts out: it asks nobody,
 * and a second call gives the same. What follows from something unknown is unknown for
 * its reason.
 */
void judge_facts(struct facts *facts);

#endif
