#ifndef CRNG_COLLECT_H
#define CRNG_COLLECT_H

#include "status/facts.h"

enum collect_depth {
	COLLECT_LIGHT, /* what a wait that ran out is explained with: some small files */
	COLLECT_FULL,  /* all; where the RNG is not ready it takes WAITERS_SAMPLE_NS */
};

/*
 * Fills the facts; what is beyond depth stays unknown. tree is NULL for the running
 * system, else the path of a directory that holds a captured tree (proc, sys, ...): then
 * everything that asks the running kernel is left out and unknown, because a mixture
 * would be worse than a gap. What cannot be learnt is unknown, with its reason; so is,
 * after 1.2 s at the most, what lies on a file system that does not answer. Needs no
 * privilege. Returns 0, or -errno where the tree cannot be opened.
 */
int collect_facts(const char *tree, enum collect_depth depth, struct facts *facts);

#endif
