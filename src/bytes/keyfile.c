/* SPDX-License-Identifier: MIT */
/*
 * Keys end up in files. A key file that is incomplete, or readable by others for an
 * instant, is worse than none, and people forget "umask 077", sync and mv.
 */
#include "bytes/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/discard.h"
#include "bytes/keyfile-target.h"
#include "rng/rng.h"

#ifndef AT_STATX_FORCE_SYNC
#define AT_STATX_FORCE_SYNC 0x2000
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef STATX_BASIC_STATS
#define STATX_BASIC_STATS 0x07ffU
#endif

enum { PRIVATE = 0600, NAME_TRIES = 16 };

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

/* Repeats attempt with new names until one is free. */
static int with_new_name(struct keyfile *keyfile, int (*attempt)(struct keyfile *))
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

static int create_named(struct keyfile *keyfile)
{
	keyfile->fd = openat(keyfile->dir, keyfile->temporary,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     PRIVATE);
	return keyfile->fd < 0 ? -errno : 0;
}

/* Makes the kernel ask the server of the file instead of trusting its cache. */
static void refresh(int fd)
{
#ifdef SYS_statx
	uint64_t ignored[32]; /* struct statx, which not every libc has */

	syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
		ignored);
#else
	(void)fd;
#endif
}

/*
 * Can no other user read the file? chmod(2) does not tell: ntfs-3g, CIFS and others
 * report success and change nothing; vfat reports failure where the mount options keep
 * all files private.
 */
static int check_private(struct keyfile *keyfile)
{
	struct stat st;

	refresh(keyfile->fd);
	if (fstat(keyfile->fd, &st) != 0)
		return -errno;
	keyfile->mode = st.st_mode & ~(mode_t)S_IFMT;
	keyfile->owner = st.st_uid;
	keyfile->problem = st.st_mode & (S_IRWXG | S_IRWXO) ? KEYFILE_EXPOSED
			   : st.st_uid != geteuid()	    ? KEYFILE_FOREIGN
							    : KEYFILE_NO_PROBLEM;
	return keyfile->problem == KEYFILE_NO_PROBLEM ? 0 : -EACCES;
}

/* Is the file that the name leads to, by links or not, the one that we write? */
static bool is_ours(const struct keyfile *keyfile, int dir, const char *name, int flags)
{
	struct stat ours, there;

	return fstat(keyfile->fd, &ours) == 0 && fstatat(dir, name, &there, flags) == 0 &&
	       ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* Anyone who may write to the directory can put their file in the place of ours. */
static int check_ours(struct keyfile *keyfile, const char *name)
{
	if (is_ours(keyfile, keyfile->dir, name, AT_SYMLINK_NOFOLLOW))
		return 0;
	keyfile->problem = KEYFILE_REPLACED;
	return -ESTALE;
}

static void name_by_fd(const struct keyfile *keyfile, char *path, size_t size)
{
	snprintf(path, size, "/proc/self/fd/%d", keyfile->fd);
}

static int link_as(struct keyfile *keyfile, const char *name)
{
	char self[32];

	name_by_fd(keyfile, self, sizeof(self));
	if (linkat(AT_FDCWD, self, keyfile->dir, name, AT_SYMLINK_FOLLOW) != 0)
		return -errno;
	return 0;
}

static int link_named(struct keyfile *keyfile)
{
	return link_as(keyfile, keyfile->temporary);
}

static int open_directory(struct keyfile *keyfile, const char *path)
{
	char copy[PATH_MAX];
	const char *directory;
	const char *slash = strrchr(path, '/');

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	keyfile->name = slash ? slash + 1 : path;
	if (keyfile->name[0] == '\0')
		return path[0] == '\0' ? -ENOENT : -EISDIR;
	strcpy(copy, path);
	directory = dirname(copy);
	keyfile->dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A directory that may be written but not read cannot be synced; the file can. */
	if (keyfile->dir < 0 && errno == EACCES)
		keyfile->dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return keyfile->dir < 0 ? -errno : 0;
}

/* A file without a name can get one only through /proc, if that is procfs. */
static void open_nameless(struct keyfile *keyfile)
{
	char self[32];

	keyfile->fd = openat(keyfile->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
			     PRIVATE);
	if (keyfile->fd < 0)
		return;
	name_by_fd(keyfile, self, sizeof(self));
	keyfile->nameless = is_ours(keyfile, AT_FDCWD, self, 0);
	if (!keyfile->nameless)
		close(keyfile->fd);
}

/*
 * A file that is not private when it is created may already be open elsewhere when it
 * becomes so.
 */
static int open_named(struct keyfile *keyfile)
{
	cleanup_file(keyfile->dir, keyfile->temporary, -1);

	int rc = with_new_name(keyfile, create_named);

	if (rc != 0)
		return rc;
	cleanup_file(keyfile->dir, keyfile->temporary, keyfile->fd);
	return check_private(keyfile);
}

int keyfile_open(struct keyfile *keyfile, const char *path)
{
	*keyfile = (struct keyfile){ .fd = -1, .dir = -1 };

	int rc = open_directory(keyfile, path);

	if (rc == 0)
		rc = keyfile_check_target(keyfile->dir, keyfile->name);
	if (rc != 0)
		return rc;
	open_nameless(keyfile);
	if (!keyfile->nameless)
		rc = open_named(keyfile);
	if (rc != 0)
		return rc;
	fchmod(keyfile->fd, PRIVATE); /* the umask may have taken even our own bits */
	return check_private(keyfile);
}

/* A server may have renamed it although the answer was lost. */
static int rename_into_place(struct keyfile *keyfile)
{
	int rc = check_ours(keyfile, keyfile->temporary);

	if (rc != 0)
		return rc;
	if (renameat(keyfile->dir, keyfile->temporary, keyfile->dir, keyfile->name) !=
	    0) {
		rc = -errno;
		if (!is_ours(keyfile, keyfile->dir, keyfile->name, AT_SYMLINK_NOFOLLOW))
			return rc;
	}
	keyfile->temporary[0] = '\0';
	return 0;
}

static int put_into_place(struct keyfile *keyfile)
{
	if (keyfile->nameless) {
		int rc = link_as(keyfile, keyfile->name);

		if (rc != -EEXIST)
			return rc;
		cleanup_file(keyfile->dir, keyfile->temporary, keyfile->fd);
		rc = with_new_name(keyfile, link_named);
		if (rc != 0)
			return rc;
	}
	return rename_into_place(keyfile);
}

int keyfile_commit(struct keyfile *keyfile)
{
	if (fsync(keyfile->fd) != 0)
		return -errno;

	int rc = check_private(keyfile);

	if (rc == 0)
		rc = put_into_place(keyfile);
	if (rc == 0)
		rc = check_ours(keyfile, keyfile->name);
	if (rc == 0 && fsync(keyfile->dir) != 0 && errno != EINVAL && errno != EBADF)
		rc = -errno;
	return rc;
}

int keyfile_close(struct keyfile *keyfile)
{
	int rc = 0;

	/* Our file may have another name by now. */
	if (keyfile->problem == KEYFILE_REPLACED)
		discard_bytes(keyfile->fd);
	if (keyfile->temporary[0] != '\0')
		rc = discard(keyfile->dir, keyfile->temporary, keyfile->fd,
			     &keyfile->erased);
	cleanup_file(-1, NULL, -1);
	if (keyfile->fd >= 0)
		close(keyfile->fd);
	if (keyfile->dir >= 0)
		close(keyfile->dir);
	return rc;
}
