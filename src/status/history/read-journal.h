/* SPDX-License-Identifier: MIT */
#ifndef CRNG_READ_JOURNAL_H
#define CRNG_READ_JOURNAL_H

#include <stdbool.h>

#include "base/deadline.h"
#include "status/history/history.h"

#define JOURNAL_NS (5 * NS_PER_S)

/* Shared by this process and the one that reads. */
struct work {
	const char *tree;
	size_t max;
	const struct history_wanted *wanted; /* NULL: the list alone */
	int error;			     /* -errno of opening the tree, or 0 */
	size_t needed; /* so many of the newest boots; SIZE_MAX: all */
	bool stopped;  /* as much as was wanted has been read */
	int found;     /* the place of the boot, or -1 */
	struct history history;
	struct history_log log;
};

/*
 * Reads as much of the journal as is wanted, and no more than JOURNAL_NS allows
 * (child.h). Returns NULL, or a static string: why there is none to read; then *absent
 * tells whether there certainly is none.
 */
const char *read_journal(struct work *work, int root, bool *absent);

#endif
