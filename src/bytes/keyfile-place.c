/* SPDX-License-Identifier: MIT */
/* The names of a key file: none or a temporary one at first, then its own. */
#include "bytes/keyfile-place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "rng/rng.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

enum { NAME_TRIES = 16 };

bool keyfile_is_ours(const struct keyfile *keyfile, int dir, const char *name, int flags)
{
	struct stat ours, there;

	return fstat(keyfile->fd, &ours) == 0 && fstatat(dir, name, &there, flags) == 0 &&
	       ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

int keyfile_check_ours(struct keyfile *keyfile, const char *name)
{
	if (keyfile_is_ours(keyfile, keyfile->dir, name, AT_SYMLINK_NOFOLLOW))
		return 0;
	keyfile->problem = KEYFILE_REPLACED;
	return -ESTALE;
}

void keyfile_name_by_fd(const struct keyfile *keyfile, char path[KEYFILE_SELF_MAX])
{
	snprintf(path, KEYFILE_SELF_MAX, "/proc/self/fd/%d", keyfile->fd);
}

/*
 * The name need not be secret: O_EXCL protects the file, and if a name is taken another
 * one is tried.
 */
static void new_name(struct keyfile *keyfile, unsigned int attempt)
{
	uint64_t number;

	if (rng_read(RNG_DEFAULT, true, &number, sizeof(number)) != sizeof(number))
		number = (uint64_t)getpid() << 8 | attempt;
	snprintf(keyfile->temporary, sizeof(keyfile->temporary), ".crng-%016llx",
		 (unsigned long long)number);
}

int keyfile_with_new_name(struct keyfile *keyfile, int (*attempt)(struct keyfile *))
{
	int rc = -EEXIST;

	for (unsigned int i = 0; rc == -EEXIST && i < NAME_TRIES; i++) {
		new_name(keyfile, i);
		rc = attempt(keyfile);
	}
	if (rc != 0)
		keyfile->temporary[0] = '\0';
	return rc;
}

static int link_as(struct keyfile *keyfile, const char *name)
{
	char self[KEYFILE_SELF_MAX];

	keyfile_name_by_fd(keyfile, self);
	if (linkat(AT_FDCWD, self, keyfile->dir, name, AT_SYMLINK_FOLLOW) != 0)
		return -errno;
	return 0;
}

static int link_named(struct keyfile *keyfile)
{
	return link_as(keyfile, keyfile->temporary);
}

/* Returns 0 or -errno; -EINVAL where the file system or kernel cannot do that. */
static int rename_unless_taken(const struct keyfile *keyfile)
{
#ifdef SYS_renameat2
	if (syscall(SYS_renameat2, keyfile->dir, keyfile->temporary, keyfile->dir,
		    keyfile->name, RENAME_NOREPLACE) == 0)
		return 0;
	return errno == ENOSYS ? -EINVAL : -errno;
#else
	return -EINVAL;
#endif
}

/*
 * NFS and most of FUSE know no RENAME_NOREPLACE, but a second name is never put in the
 * place of another.
 */
static int link_and_unlink(struct keyfile *keyfile)
{
	int dir = keyfile->dir, rc = 0;

	if (linkat(dir, keyfile->temporary, dir, keyfile->name, 0) != 0)
		rc = -errno;
	if (rc == -EPERM || rc == -EOPNOTSUPP || rc == -ENOSYS) {
		keyfile->problem = KEYFILE_UNGUARDED;
		return -EOPNOTSUPP;
	}
	if (rc != 0 && !keyfile_is_ours(keyfile, dir, keyfile->name, AT_SYMLINK_NOFOLLOW))
		return rc;
	return unlinkat(dir, keyfile->temporary, 0) == 0 ? 0 : -errno;
}

/* While the file has both names, no signal may erase it, or leave the first one. */
static int link_unless_taken(struct keyfile *keyfile)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	rc = link_and_unlink(keyfile);
	if (rc == 0)
		cleanup_file(-1, NULL, -1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

/* A server may have renamed it although the answer was lost. */
static int rename_into_place(struct keyfile *keyfile)
{
	int dir = keyfile->dir, rc;

	if (keyfile->replace)
		rc = renameat(dir, keyfile->temporary, dir, keyfile->name) == 0 ? 0
										: -errno;
	else
		rc = rename_unless_taken(keyfile);
	if (rc == -EINVAL && !keyfile->replace)
		return link_unless_taken(keyfile);
	return keyfile_is_ours(keyfile, dir, keyfile->name, AT_SYMLINK_NOFOLLOW) ? 0 : rc;
}

int keyfile_put_into_place(struct keyfile *keyfile)
{
	int rc;

	if (keyfile->nameless) {
		rc = link_as(keyfile, keyfile->name);
		if (rc != -EEXIST || !keyfile->replace)
			return rc;
		cleanup_file(keyfile->dir, keyfile->temporary, keyfile->fd);
		rc = keyfile_with_new_name(keyfile, link_named);
		if (rc != 0)
			return rc;
	}
	rc = keyfile_check_ours(keyfile, keyfile->temporary);
	if (rc == 0)
		rc = rename_into_place(keyfile);
	if (rc == 0)
		keyfile->temporary[0] = '\0';
	return rc;
}
