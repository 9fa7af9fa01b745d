/* SPDX-License-Identifier: MIT */
/*
 * Invariant: an image gets its seed once, from a ready RNG, or nothing. The order of the
 * system calls: getrandom(GRND_NONBLOCK), directory_open(), flock, fstatat(the names that
 * must not be there), files_write_new(), files_rename().
 */
#include "seed/provision.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/root.h"
#include "rng/rng.h"
#include "seed/directory.h"
#include "seed/files.h"

#define PARENT "/var/lib"
#define NAME "seedrng"

_Static_assert(sizeof(PARENT "/" NAME) == sizeof(SEED_DIRECTORY), "the same path");

static int fail(struct provision *p, enum provision_step step, const char *path, int rc)
{
	p->step = step;
	p->path = path;
	return rc;
}

static int open_directory(int root, struct provision *p)
{
	int parent = root_open_any(root, PARENT, O_RDONLY | O_DIRECTORY);

	if (parent < 0)
		return fail(p, PROVISION_PARENT, PARENT, parent);

	int dir = directory_open(parent, NAME, true, &p->problem);
	int rc = dir < 0 ? dir : directory_lock(dir);

	close(parent);
	if (rc == 0)
		return dir;
	if (dir >= 0)
		close(dir);
	return fail(p, PROVISION_DIRECTORY, SEED_DIRECTORY, rc);
}

static int check_absence(int dir, struct provision *p)
{
	static const char *const names[] = {
		SEED_CREDIT_FILE,
		SEED_NO_CREDIT_FILE,
		SEED_MACHINE_FILE,
	};
	static const char *const paths[] = {
		SEED_DIRECTORY "/" SEED_CREDIT_FILE,
		SEED_DIRECTORY "/" SEED_NO_CREDIT_FILE,
		SEED_DIRECTORY "/" SEED_MACHINE_FILE,
	};
	struct stat st;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int rc = fstatat(dir, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0 ? -EEXIST
									       : -errno;

		if (rc != -ENOENT)
			return fail(p, PROVISION_ABSENCE, paths[i], rc);
	}
	return 0;
}

static int look_at_owners(int dir, struct provision *p)
{
	struct stat seed, st;

	if (fstatat(dir, SEED_NEW_FILE, &seed, AT_SYMLINK_NOFOLLOW) != 0 ||
	    fstat(dir, &st) != 0)
		return -errno;
	p->owner = seed.st_uid;
	p->dir_owner = st.st_uid;
	return 0;
}

/* After an error neither of the names may be left. */
static int put_in_place(int dir, bool exposed, struct provision *p)
{
	const char *call;
	int rc = look_at_owners(dir, p);

	if (rc == 0 && exposed) {
		p->problem = "others could read it on this file system";
		rc = -EPERM;
	}
	if (rc == 0)
		rc = files_rename(dir, SEED_NEW_FILE, SEED_CREDIT_FILE, &call);
	if (rc != 0) {
		unlinkat(dir, SEED_NEW_FILE, 0);
		unlinkat(dir, SEED_CREDIT_FILE, 0);
	}
	return rc;
}

static int put(int dir, const unsigned char seed[SEED_BYTES], struct provision *p)
{
	bool exposed = false;
	int rc = check_absence(dir, p);

	if (rc != 0)
		return rc;
	rc = files_write_new(dir, SEED_NEW_FILE, seed, SEED_BYTES, &exposed);
	if (rc == 0)
		rc = put_in_place(dir, exposed, p);
	return fail(p, PROVISION_FILE, SEED_DIRECTORY "/" SEED_CREDIT_FILE, rc);
}

/* Up to 256 bytes come in full, or not at all (random(4)). */
static int take_seed(unsigned char seed[SEED_BYTES])
{
	long got = rng_read(RNG_DEFAULT, true, seed, SEED_BYTES);

	return got == SEED_BYTES ? 0 : got < 0 ? (int)got : -EIO;
}

int provision(int root, struct provision *p)
{
	unsigned char seed[SEED_BYTES];
	int rc = take_seed(seed);

	*p = (struct provision){ .step = PROVISION_RNG };
	if (rc != 0)
		return rc;

	int dir = open_directory(root, p);

	rc = dir;
	if (dir >= 0) {
		rc = put(dir, seed, p);
		close(dir);
	}
	explicit_bzero(seed, sizeof(seed));
	return rc;
}
