/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JUDGE_CLONE_H
#define CRNG_JUDGE_CLONE_H

#include "status/facts.h"

/*
 * The part of judge_facts() that is about clones: was this machine cloned, or restored
 * from a snapshot, without a reseed of its RNG since? Two machines with the same RNG
 * state give the same bytes.
 */
void judge_clone(struct facts *facts);

#endif
