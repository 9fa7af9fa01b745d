/* SPDX-License-Identifier: MIT */
#ifndef CRNG_OUTPUT_H
#define CRNG_OUTPUT_H

#include <stdbool.h>

/*
 * A file that is never there in part and never readable by others: written without a name
 * (O_TMPFILE) or under a temporary one in the same directory, mode 0600, then synced and
 * put into place at once, replacing what regular file or symbolic link was there.
 */
struct output {
	int fd; /* write here */

	int dir;
	const char *name; /* in dir */
	bool nameless;
	char temporary[32]; /* in dir; empty: none */
};

/*
 * Prepares to write the file at path, which must live as long as output. Returns 0 or
 * -errno: -EISDIR, -ENOTSUP where a device, pipe or socket is there, or a symbolic link
 * into /proc (as /dev/stdout is): those are for redirection. Deadly signals remove
 * a temporary name before they end the program; SIGKILL and crashes cannot.
 */
int output_open(struct output *output, const char *path);

/*
 * Syncs the file, gives it its name and syncs the directory. Returns 0 or -errno, then
 * the old file is untouched, unless only the last sync failed.
 */
int output_commit(struct output *output);

/* Closes everything; removes what output_commit() has not put into place. */
void output_close(struct output *output);

#endif
