/* SPDX-License-Identifier: MIT */
#ifndef CRNG_REMOVE_H
#define CRNG_REMOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Removes seed files, so that the copies of an image do not share a seed. */

enum { SEED_REMOVALS_MAX = 32 };

/* One file that was there. */
struct seed_removal {
	const char *path;
	struct stat st; /* of the file, before; zero where it could not be looked at */
	bool removed;	/* the name is gone or, in a dry run, would be */

	/*
	 * 0, or an errno: why it was not removed or, if it was, why the directory could
	 * not be synced. A file that is not regular is left alone without an error.
	 */
	int error;

	dev_t dir_dev; /* of the directory */
	ino_t dir_ino;
};

struct seed_purge {
	int root; /* root.h */
	bool dry_run;
	size_t count;
	struct seed_removal list[SEED_REMOVALS_MAX];
};

/* What crng keeps beside the seeds of SeedRNG: paths, ended by NULL. */
extern const char *const seed_beside[];

/*
 * Removes the regular file at the absolute path below the root, which no link on the way
 * leads out of, and syncs its directory. Never follows a link in the last place, opens no
 * file, and does not erase the bytes. In a dry run it only checks whether the directory
 * may be written to. The path must live as long as purge. Returns the new last entry of
 * the list, or NULL where nothing is there: also where a directory is missing on the way,
 * or where the same name was removed by way of another path.
 */
const struct seed_removal *seed_remove(struct seed_purge *purge, const char *path);

/*
 * How many names other than those removed the file of this entry has, as it was when it
 * was looked at. Call it when all have been removed.
 */
unsigned long seed_other_names(const struct seed_purge *purge,
			       const struct seed_removal *removal);

#endif
