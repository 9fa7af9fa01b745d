#ifndef CRNG_COLLECT_H
#define CRNG_COLLECT_H

#include "status/facts.h"
#include "status/history/history.h"

enum collect_depth {
	COLLECT_PLACE, /* only whether this is a container */
	COLLECT_LIGHT, /* a few small files, to explain why a wait timed out */
	COLLECT_FULL, /* everything; takes WAITERS_SAMPLE_NS where the RNG is not ready */
};

/*
 * Fills the facts; those beyond depth stay unknown. tree is NULL for the running system,
 * else the path of a directory that holds a captured tree (proc, sys, ...). For a tree,
 * everything that would ask the running kernel is left unknown, because a mixture would
 * be worse than a gap. A fact that cannot be learnt is unknown, with its reason; so are,
 * after at most 1.2 s, those on a file system that does not answer. Needs no privilege.
 * Returns 0, or -errno where the tree cannot be opened.
 */
int collect_facts(const char *tree, enum collect_depth depth, struct facts *facts);

/*
 * Fills the facts about one boot from the journal alone; what only a running kernel
 * can tell is unknown. Returns 0 or as history_collect_boot().
 */
int collect_past(const char *tree, const struct history_wanted *wanted,
		 struct facts *facts, const char **why);

#endif
