/* SPDX-License-Identifier: MIT */
/*
 * Invariant: a seed that is reported as removed is gone, durably. The order of the system
 * calls for each place: open(its directory), fstatat, unlinkat, fsync(its directory).
 */
#include "seed/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/root.h"
#include "seed/directory.h"
#include "seed/files.h"

enum { DIRECTORY_MAX = 256 };

const char *const seed_beside[] = {
	SEED_DIRECTORY "/" SEED_MACHINE_FILE,
	SEED_DIRECTORY "/" SEED_NEW_FILE,
	SEED_DIRECTORY "/" SEED_NEW_MACHINE_FILE,
	NULL,
};

/* Opens the directory of the path; *name is the rest. */
static int open_parent(int root, const char *path, const char **name)
{
	char directory[DIRECTORY_MAX];
	size_t len = (size_t)(strrchr(path, '/') - path) + 1;

	*name = path + len;
	if (len >= sizeof(directory))
		return -ENAMETOOLONG;
	snprintf(directory, sizeof(directory), "%.*s", (int)len, path);
	return root_open_any(root, directory, O_RDONLY | O_DIRECTORY);
}

static bool is_same(const struct seed_removal *a, const struct seed_removal *b)
{
	return a->st.st_ino == b->st.st_ino && a->st.st_dev == b->st.st_dev;
}

/* In a dry run a name stays, and two places may be one: /efi is often a link to /boot. */
static bool is_known(const struct seed_purge *purge, const struct seed_removal *removal)
{
	for (size_t i = 0; i < purge->count; i++) {
		const struct seed_removal *other = &purge->list[i];

		if (is_same(removal, other) && removal->dir_ino == other->dir_ino &&
		    removal->dir_dev == other->dir_dev &&
		    strcmp(strrchr(removal->path, '/'), strrchr(other->path, '/')) == 0)
			return true;
	}
	return false;
}

/* Returns 0, -ENOENT where nothing is there any more, or another -errno. */
static int look(int dir, const char *name, struct seed_removal *removal)
{
	struct stat parent;

	if (fstat(dir, &parent) != 0 ||
	    fstatat(dir, name, &removal->st, AT_SYMLINK_NOFOLLOW) != 0)
		return -errno;
	removal->dir_dev = parent.st_dev;
	removal->dir_ino = parent.st_ino;
	return 0;
}

static int unlink_durably(int dir, const char *name, struct seed_removal *removal)
{
	if (unlinkat(dir, name, 0) != 0)
		return -errno;
	removal->removed = true;
	return directory_sync(dir);
}

static int try_unlink(int dir, struct seed_removal *removal)
{
	if (faccessat(dir, ".", W_OK | X_OK, 0) != 0)
		return -errno;
	removal->removed = true;
	return 0;
}

static int remove_from(const struct seed_purge *purge, int dir, const char *name,
		       struct seed_removal *removal)
{
	int rc = look(dir, name, removal);

	if (rc != 0)
		return rc;
	if (is_known(purge, removal))
		return -ENOENT;
	if (!S_ISREG(removal->st.st_mode))
		return 0;
	return purge->dry_run ? try_unlink(dir, removal)
			      : unlink_durably(dir, name, removal);
}

const struct seed_removal *seed_remove(struct seed_purge *purge, const char *path)
{
	struct seed_removal *removal = &purge->list[purge->count];
	const char *name;
	int dir = open_parent(purge->root, path, &name), rc = dir;

	*removal = (struct seed_removal){ .path = path };
	if (dir >= 0) {
		rc = remove_from(purge, dir, name, removal);
		close(dir);
	}
	if (rc == -ENOENT || rc == -ENOTDIR)
		return NULL;
	removal->error = -rc;
	purge->count++;
	return removal;
}

unsigned long seed_other_names(const struct seed_purge *purge,
			       const struct seed_removal *removal)
{
	unsigned long names = 0, removed = 0;

	for (size_t i = 0; i < purge->count; i++) {
		const struct seed_removal *other = &purge->list[i];

		if (!is_same(other, removal))
			continue;
		if (other->st.st_nlink > names) /* those removed before are not counted */
			names = (unsigned long)other->st.st_nlink;
		removed += other->removed;
	}
	return names > removed ? names - removed : 0;
}
