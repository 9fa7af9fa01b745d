/* SPDX-License-Identifier: MIT */
/*
 * Keys end up in files. A key file that is there only in part, or readable by others for
 * an instant, is worse than none, and "umask 077", sync and mv are forgotten.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "rng.h"

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

static int link_as(struct output *output, const char *name)
{
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", output->fd);
	if (linkat(AT_FDCWD, self, output->dir, name, AT_SYMLINK_FOLLOW) != 0)
		return -errno;
	return 0;
}

static int link_named(struct output *output)
{
	return link_as(output, output->temporary);
}

/* A regular file, a link to one, a dangling link or nothing may be replaced. */
static int check_target(const struct output *output)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t len = readlinkat(output->dir, output->name, target, sizeof(target) - 1);

	if (len > 0) {
		target[len] = '\0';
		if (strncmp(target, "/proc/", strlen("/proc/")) == 0)
			return -ENOTSUP;
	}
	if (fstatat(output->dir, output->name, &st, 0) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -ENOTSUP;
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

int output_open(struct output *output, const char *path)
{
	*output = (struct output){ .fd = -1, .dir = -1 };

	int rc = open_directory(output, path);

	if (rc == 0)
		rc = check_target(output);
	if (rc != 0)
		return rc;
	/* Giving a nameless file a name goes through /proc. */
	if (access("/proc/self/fd", X_OK) == 0)
		output->fd = openat(output->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
				    PRIVATE);
	output->nameless = output->fd >= 0;
	if (!output->nameless) {
		guard_name(output->dir, output->temporary);
		rc = with_new_name(output, create_named);
	}
	if (rc == 0 && fchmod(output->fd, PRIVATE) != 0)
		rc = -errno;
	return rc;
}

static int put_into_place(struct output *output)
{
	if (output->nameless) {
		int rc = link_as(output, output->name);

		if (rc != -EEXIST)
			return rc;
		guard_name(output->dir, output->temporary);
		rc = with_new_name(output, link_named);
		if (rc != 0)
			return rc;
	}
	if (renameat(output->dir, output->temporary, output->dir, output->name) != 0)
		return -errno;
	output->temporary[0] = '\0';
	return 0;
}

int output_commit(struct output *output)
{
	if (fsync(output->fd) != 0)
		return -errno;

	int rc = put_into_place(output);

	if (rc == 0 && fsync(output->dir) != 0 && errno != EINVAL && errno != EBADF)
		rc = -errno;
	return rc;
}

void output_close(struct output *output)
{
	if (output->temporary[0] != '\0')
		unlinkat(output->dir, output->temporary, 0);
	guard_name(-1, NULL);
	if (output->fd >= 0)
		close(output->fd);
	if (output->dir >= 0)
		close(output->dir);
}
