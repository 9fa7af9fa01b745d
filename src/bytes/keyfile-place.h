/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_PLACE_H
#define CRNG_KEYFILE_PLACE_H

#include "bytes/keyfile.h"

/* Is the file that the name leads to, by links or not, the one that we write? */
bool keyfile_is_ours(const struct keyfile *keyfile, int dir, const char *name, int flags);

/*
 * Checks that the name in the directory is that of our file. Returns 0, or -ESTALE with
 * KEYFILE_REPLACED: anyone who may write to the directory can put their file there.
 */
int keyfile_check_ours(struct keyfile *keyfile, const char *name);

/* The path by which procfs, if it is mounted, shows the open file. */
enum { KEYFILE_SELF_MAX = 32 };
void keyfile_name_by_fd(const struct keyfile *keyfile, char path[KEYFILE_SELF_MAX]);

/*
 * Repeats attempt with new temporary names until one is free. Returns 0, or the -errno of
 * the attempt, and then no name is left.
 */
int keyfile_with_new_name(struct keyfile *keyfile, int (*attempt)(struct keyfile *));

/*
 * Gives the file its name, in the place of another one only if it may replace that.
 * Returns 0; -EEXIST where it may not; -EOPNOTSUPP with KEYFILE_UNGUARDED where the file
 * system cannot make sure of that; or another -errno.
 */
int keyfile_put_into_place(struct keyfile *keyfile);

#endif
