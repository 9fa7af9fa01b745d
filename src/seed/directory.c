/* SPDX-License-Identifier: MIT */
/*
 * Invariant: only its owner can change the directory, and one process at a time does. The
 * order of the system calls: open or, where it is missing, mkdir, fsync(parent) and open;
 * fstat, flock.
 */
#include "seed/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "seed/files.h"

#define LOCK_PAUSE_NS (50 * NS_PER_MS)
#define LOCK_LIMIT_NS (10 * NS_PER_S)

#define OTHERS_WRITE ((mode_t)(S_IWGRP | S_IWOTH))

int directory_sync(int dir)
{
	if (fsync(dir) == 0 || (errno == EINVAL && syncfs(dir) == 0))
		return 0;
	return -errno;
}

/* Writes the path of the directory that it lies in. Returns 0 or -ENAMETOOLONG. */
static int name_parent(const char *path, char parent[PATH_MAX])
{
	char copy[PATH_MAX];

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	strcpy(copy, path);
	strcpy(parent, dirname(copy));
	return 0;
}

static int sync_parent(int at, const char *path)
{
	char parent[PATH_MAX];
	int rc = name_parent(path, parent);

	if (rc != 0)
		return rc;

	int fd = openat(at, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	rc = fd >= 0 ? directory_sync(fd) : -errno;
	if (fd >= 0)
		close(fd);
	return rc;
}

static int make_directory(int at, const char *path)
{
	if (mkdirat(at, path, S_IRWXU) != 0)
		return errno == EEXIST ? 0 : -errno;

	int rc = sync_parent(at, path);

	if (rc != 0)
		unlinkat(at, path, AT_REMOVEDIR);
	return rc;
}

int directory_open_parent(const char *path)
{
	char parent[PATH_MAX];
	int rc = name_parent(path, parent);

	if (rc != 0)
		return rc;
	if (faccessat(AT_FDCWD, parent, W_OK | X_OK, AT_EACCESS) != 0)
		return -errno;
	rc = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return rc >= 0 ? rc : -errno;
}

static const char *directory_problem(const struct stat *st)
{
	if (!files_is_ours(st->st_uid))
		return "it belongs to another user";
	return st->st_mode & OTHERS_WRITE ? "others can write to it" : NULL;
}

static int open_checked(int at, const char *path, const char **problem)
{
	struct stat st;
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0) {
		int error = errno;

		if (fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISLNK(st.st_mode))
			*problem = "it is a symbolic link";
		return -error;
	}
	if (fstat(fd, &st) == 0) {
		*problem = directory_problem(&st);
		if (!*problem)
			return fd;
		errno = EPERM;
	}

	int error = errno;

	close(fd);
	return -error;
}

int directory_open(int at, const char *path, bool make, const char **problem)
{
	*problem = NULL;

	int fd = open_checked(at, path, problem);

	if (fd != -ENOENT || !make)
		return fd;

	int rc = make_directory(at, path);

	return rc == 0 ? open_checked(at, path, problem) : rc;
}

int directory_lock(int dir)
{
	const int64_t deadline = deadline_after(LOCK_LIMIT_NS);

	while (flock(dir, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (deadline_left(deadline) == 0)
			return -ETIMEDOUT;
		deadline_sleep(LOCK_PAUSE_NS);
	}
	return 0;
}
