/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HISTORY_SOURCE_H
#define CRNG_HISTORY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "status/history/ask-journal.h"
#include "status/history/journal-files.h"

/* Where entries come from: the files of a journal, or what crng-capture took from one. */
struct source {
	char *captured; /* JSON lines; NULL: the files */
	size_t len;
	bool cut;    /* older entries were left out of the capture */
	bool absent; /* there is certainly no journal */
	struct files files;
	int64_t patience; /* nanoseconds; child.h */
};

/*
 * Opens the source below root (root.h). Returns NULL, or a static string: why there is
 * none. Needs source_close() in each case.
 */
const char *source_open(int root, struct source *source);

void source_close(struct source *source);

/*
 * Asks the source. If its files cannot be read together, calls reset (unless it is NULL)
 * and asks them one by one. Returns 0, -ENODATA if a part of it could not be read, or as
 * ask_journal().
 */
int source_ask(struct source *source, const struct question *question,
	       void (*reset)(void *data));

#endif
