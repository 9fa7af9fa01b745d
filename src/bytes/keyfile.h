/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_H
#define CRNG_KEYFILE_H

#include <stdbool.h>

/* What an error number cannot express. */
enum keyfile_problem {
	KEYFILE_NO_PROBLEM,
	KEYFILE_EXPOSED,  /* others can read the file, whatever chmod(2) says */
	KEYFILE_FOREIGN,  /* it belongs to another user, who can */
	KEYFILE_REPLACED, /* another process put another file in its place */
};

/*
 * A file that is never visible in part and never readable by others: it is written
 * without a name (O_TMPFILE) or under a temporary one in the same directory, mode 0600,
 * then synced and put into place atomically. It replaces a regular file or a symbolic
 * link.
 */
struct keyfile {
	int fd; /* write here */

	enum keyfile_problem problem;
	unsigned int mode, owner; /* of the file, as the file system last reported them */
	bool erased;

	int dir;
	const char *name; /* in dir */
	bool nameless;
	char temporary[32]; /* in dir; empty: none */
};

/*
 * Prepares to write the file at path, which must live as long as keyfile. Returns 0 or
 * -errno: that of keyfile_check_target(), or -EACCES with a problem where the file system
 * does not keep the file private; nothing has been written then. Deadly signals remove a
 * temporary name before they end the program; SIGKILL cannot.
 */
int keyfile_open(struct keyfile *keyfile, const char *path);

/*
 * Syncs the file, gives it its name and syncs the directory. Returns 0 or -errno; after
 * an error the old file is untouched, unless only the last sync failed or, with
 * KEYFILE_REPLACED, another process has meddled with the directory.
 */
int keyfile_commit(struct keyfile *keyfile);

/*
 * Closes everything; removes what keyfile_commit() has not put into place. Returns 0 or
 * -errno; after an error the file named temporary is still in the directory, and erased
 * tells whether its bytes are gone (discard.h).
 */
int keyfile_close(struct keyfile *keyfile);

#endif
