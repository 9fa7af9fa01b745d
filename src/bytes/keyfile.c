/* SPDX-License-Identifier: MIT */
/*
 * Keys end up in files. A key file that is there only in part, or readable by others for
 * an instant, is worse than none, and "umask 077", sync and mv are forgotten.
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

/* Not a secret: O_EXCL keeps others out, and a name that is taken is tried anew. */
static void new_name(struct output *output, unsigned int attempt)
{
	uint64_t number;

	if (rng_read(RNG_DEFAULT, true, &number, sizeof(number)) != sizeof(number))
		number = (uint64_t)getpid() << 8 | attempt;
	snprintf(output->temporary, sizeof(output->temporary), ".crng-%016llx",
		 (unsigned long long)number);
}

/* Repeats attempt with new names until one is free. */
static int with_new_name(struct output *output, int (*attempt)(struct output *))
{
	int rc = -EEXIST;

	for (unsigned int i = 0; rc == -EEXIST && i < NAME_TRIES; i++) {
		new_name(output, i);
		rc = attempt(output);
	}
	if (rc != 0)
		output->temporary[0] = '\0';
	return rc;
}

static int create_named(struct output *output)
{
	output->fd = openat(output->dir, output->temporary,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    PRIVATE);
	return output->fd < 0 ? -errno : 0;
}

/* A file of a server is looked at there, and not in what the kernel remembers of it. */
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
 * Can nobody but us read the file? chmod(2) does not tell: ntfs-3g, CIFS and others say
 * yes and change nothing; vfat says no where the mount options keep all files private.
 */
static int check_private(struct output *output)
{
	struct stat st;

	refresh(output->fd);
	if (fstat(output->fd, &st) != 0)
		return -errno;
	output->mode = st.st_mode & ~(mode_t)S_IFMT;
	output->owner = st.st_uid;
	output->problem = st.st_mode & (S_IRWXG | S_IRWXO) ? OUTPUT_EXPOSED
			  : st.st_uid != geteuid()	   ? OUTPUT_FOREIGN
							   : OUTPUT_NO_PROBLEM;
	return output->problem == OUTPUT_NO_PROBLEM ? 0 : -EACCES;
}

/* Is the file that the name leads to, by links or not, the one that we write? */
static bool is_ours(const struct output *output, int dir, const char *name, int flags)
{
	struct stat ours, there;

	return fstat(output->fd, &ours) == 0 && fstatat(dir, name, &there, flags) == 0 &&
	       ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* Whoever may write to the directory can replace our temporary name by their file. */
static int check_ours(struct output *output, const char *name)
{
	if (is_ours(output, output->dir, name, AT_SYMLINK_NOFOLLOW))
		return 0;
	output->problem = OUTPUT_REPLACED;
	return -ESTALE;
}

static void name_by_fd(const struct output *output, char *path, size_t size)
{
	snprintf(path, size, "/proc/self/fd/%d", output->fd);
}

static int link_as(struct output *output, const char *name)
{
	char self[32];

	name_by_fd(output, self, sizeof(self));
	if (linkat(AT_FDCWD, self, output->dir, name, AT_SYMLINK_FOLLOW) != 0)
		return -errno;
	return 0;
}

static int link_named(struct output *output)
{
	return link_as(output, output->temporary);
}

static int open_directory(struct output *output, const char *path)
{
	char copy[PATH_MAX];
	const char *directory;
	const char *slash = strrchr(path, '/');

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	output->name = slash ? slash + 1 : path;
	if (output->name[0] == '\0')
		return path[0] == '\0' ? -ENOENT : -EISDIR;
	strcpy(copy, path);
	directory = dirname(copy);
	output->dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A directory that may be written but not read cannot be synced; the file can. */
	if (output->dir < 0 && errno == EACCES)
		output->dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return output->dir < 0 ? -errno : 0;
}

/* A file without a name can get one only through /proc, if that is procfs. */
static void open_nameless(struct output *output)
{
	char self[32];

	output->fd = openat(output->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, PRIVATE);
	if (output->fd < 0)
		return;
	name_by_fd(output, self, sizeof(self));
	output->nameless = is_ours(output, AT_FDCWD, self, 0);
	if (!output->nameless)
		close(output->fd);
}

/* One that is not private from the start could be open elsewhere by the time it is. */
static int open_named(struct output *output)
{
	guard_file(output->dir, output->temporary, -1);

	int rc = with_new_name(output, create_named);

	if (rc != 0)
		return rc;
	guard_file(output->dir, output->temporary, output->fd);
	return check_private(output);
}

int output_open(struct output *output, const char *path)
{
	*output = (struct output){ .fd = -1, .dir = -1 };

	int rc = open_directory(output, path);

	if (rc == 0)
		rc = target_check(output->dir, output->name);
	if (rc != 0)
		return rc;
	open_nameless(output);
	if (!output->nameless)
		rc = open_named(output);
	if (rc != 0)
		return rc;
	fchmod(output->fd, PRIVATE); /* the umask may have taken even our bits */
	return check_private(output);
}

/* A server may have renamed it although the answer was lost. */
static int rename_into_place(struct output *output)
{
	int rc = check_ours(output, output->temporary);

	if (rc != 0)
		return rc;
	if (renameat(output->dir, output->temporary, output->dir, output->name) != 0) {
		rc = -errno;
		if (!is_ours(output, output->dir, output->name, AT_SYMLINK_NOFOLLOW))
			return rc;
	}
	output->temporary[0] = '\0';
	return 0;
}

static int put_into_place(struct output *output)
{
	if (output->nameless) {
		int rc = link_as(output, output->name);

		if (rc != -EEXIST)
			return rc;
		guard_file(output->dir, output->temporary, output->fd);
		rc = with_new_name(output, link_named);
		if (rc != 0)
			return rc;
	}
	return rename_into_place(output);
}

int output_commit(struct output *output)
{
	if (fsync(output->fd) != 0)
		return -errno;

	int rc = check_private(output);

	if (rc == 0)
		rc = put_into_place(output);
	if (rc == 0)
		rc = check_ours(output, output->name);
	if (rc == 0 && fsync(output->dir) != 0 && errno != EINVAL && errno != EBADF)
		rc = -errno;
	return rc;
}

int output_close(struct output *output)
{
	int rc = 0;

	/* Ours may be somewhere else by now. */
	if (output->problem == OUTPUT_REPLACED)
		discard_bytes(output->fd);
	if (output->temporary[0] != '\0')
		rc = discard(output->dir, output->temporary, output->fd, &output->erased);
	guard_file(-1, NULL, -1);
	if (output->fd >= 0)
		close(output->fd);
	if (output->dir >= 0)
		close(output->dir);
	return rc;
}
