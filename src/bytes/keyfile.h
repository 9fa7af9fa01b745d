/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_H
#define CRNG_KEYFILE_H

#include <stdbool.h>

/* What an error number cannot express. */
enum keyfile_problem {
	KEYFILE_NO_PROBLEM,
	KEYFILE_EXPOSED,   /* others can use the file, whatever chmod(2) says */
	KEYFILE_NARROW,	   /* those who should cannot */
	KEYFILE_FOREIGN,   /* it belongs to another user, who can */
	KEYFILE_REPLACED,  /* another process put another file in its place */
	KEYFILE_UNGUARDED, /* the file system cannot name a file only if none is there */
};

/*
 * A file that is never visible in part, and never open to anyone whom its mode does not
 * name: it is written without a name (O_TMPFILE) or under a temporary one in the same
 * directory, for its owner alone, then synced and put into place atomically. Only if it
 * may, it replaces a regular file or a symbolic link.
 */
struct keyfile {
	int fd; /* write here */

	enum keyfile_problem problem;
	unsigned int wanted; /* the mode that it shall have */
	bool replace;
	unsigned int mode, owner; /* of the file, as the file system last reported them */
	bool erased;

	int dir;
	const char *name; /* in dir */
	bool nameless;
	char temporary[32]; /* in dir; empty: none */
};

/*
 * Prepares to write the file at path, which must live as long as keyfile, with that mode
 * (at most 0777; the umask does not count). Returns 0 or -errno: that of
 * keyfile_check_target(), such as -EEXIST, or -EACCES with a problem where the file
 * system does not keep the file private; nothing has been written then. Deadly signals
 * remove a temporary name before they end the program; SIGKILL cannot.
 */
int keyfile_open(struct keyfile *keyfile, const char *path, unsigned int mode,
		 bool replace);

/*
 * Gives the file its mode, syncs it, gives it its name and syncs the directory. Returns 0
 * or -errno: -EEXIST where a file that it may not replace has appeared there. After an
 * error the old file is untouched, unless only the last sync failed or, with
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
