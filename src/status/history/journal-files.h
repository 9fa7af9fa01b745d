/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JOURNAL_FILES_H
#define CRNG_JOURNAL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILES_MAX = 1024 };

/* The open files of the system journal, those with the newest entries first. */
struct files {
	size_t count;
	int fd[FILES_MAX + 1]; /* ended by -1 */
	uint64_t tail[FILES_MAX];
	bool absent;  /* there is certainly no file */
	bool denied;  /* some of it may not be read */
	bool damaged; /* some files are cut off, or are not journals at all */
	bool unread;  /* some of it could not be opened for another reason */
	bool more;    /* than are kept: those with the oldest entries are not */
	bool entries; /* there are some, whatever they are about */
	size_t max;   /* how many can be kept */
};

/*
 * Opens them: regular files with the names that systemd-journald(8) gives, in the
 * directories of the machine's ID below /var/log/journal and /run/log/journal. Links to
 * files are not followed, and unless root is ROOT_LIVE (root.h), no path leads out of it.
 * Returns NULL, or a static string: why there is none. What was opened needs
 * files_close() in each case.
 */
const char *files_open(int root, struct files *files);

void files_close(struct files *files);

#endif
