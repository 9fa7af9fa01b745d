/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASK_JOURNAL_H
#define CRNG_ASK_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status/history/journal-files.h"
#include "status/timeline/timeline.h"

/* What journalctl(1) is asked for. */
struct question {
	const char *boot_id; /* entries of this boot alone; NULL: of all */
	bool newest_first;   /* else in the journal's order */
	bool one_only;	     /* only the first of these, whatever it is about */
	/* Gets each entry. Returns false where it wants no more. */
	bool (*take)(const struct timeline_entry *entry, void *data);
	void *data;
};

/* Gives a line of JSON to the one who asked. Returns false where no more is wanted. */
bool question_give(const struct question *question, const char *line, size_t len);

/*
 * Asks for the entries that may concern the RNG: those of the kernel of level 5
 * (notice) or more severe, the starts and stops of journald, and what crng seed said.
 * Returns 0; -ENOENT: there is no journalctl; -ETIMEDOUT: it was killed, because the
 * patience (child.h) is used up; -ENODATA: it failed; or another -errno. The entries
 * before the error have been taken.
 */
int ask_journal(const struct files *files, const struct question *question,
		int64_t *patience);

#endif
