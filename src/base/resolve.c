/* SPDX-License-Identifier: MIT */
/*
 * Resolves paths below a root where openat2(2) is missing (before Linux 5.6, in
 * sandboxes) or gives up. Links are followed by their text. Each name is opened from the
 * directory before it, and ".." is never opened, so that neither a link nor a rename at
 * the same time leads out.
 */
#include "base/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

struct walk {
	int root;
	unsigned int links;
	char done[PATH_MAX]; /* "/a/b", where no name is a link; "" is the root */
	char rest[PATH_MAX]; /* still to be resolved */
};

/* Cuts the first name off the path; false: there is none, or none that fits. */
static bool take_name(const char **path, char name[NAME_MAX + 1])
{
	*path += strspn(*path, "/");

	size_t len = strcspn(*path, "/");

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, *path, len);
	name[len] = '\0';
	*path += len;
	return true;
}

/* Opens the part that is done, with the flags; does not follow a link at its end. */
static int open_done(const struct walk *walk, int flags)
{
	const char *path = walk->done;
	char name[NAME_MAX + 1];
	int how = *path ? O_PATH | O_DIRECTORY : flags;
	int fd = openat(walk->root, ".", how | O_CLOEXEC);

	while (fd >= 0 && take_name(&path, name)) {
		how = *path ? O_PATH | O_DIRECTORY : flags;

		int next = openat(fd, name, how | O_NOFOLLOW | O_CLOEXEC);
		int error = errno;

		close(fd);
		fd = next;
		errno = error;
	}
	return fd < 0 ? -errno : fd;
}

static void drop_last(struct walk *walk)
{
	char *slash = strrchr(walk->done, '/');

	if (slash)
		*slash = '\0';
}

static int append(struct walk *walk, const char *name)
{
	size_t len = strlen(walk->done), room = sizeof(walk->done) - len;
	size_t need = (size_t)snprintf(walk->done + len, room, "/%s", name);

	return need < room ? 0 : -ENAMETOOLONG;
}

/*
 * If the part that is done ends in a link, replaces the link by its target. A name that
 * is followed by more names, or by a slash, must be that of a directory.
 */
static int follow(struct walk *walk)
{
	char target[PATH_MAX], rest[2 * PATH_MAX];
	int fd = open_done(walk, O_PATH);

	if (fd < 0)
		return fd;

	ssize_t len = readlinkat(fd, "", target, sizeof(target) - 1);
	struct stat st;
	bool directory = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);

	close(fd);
	if (len < 0) /* no link */
		return directory || !walk->rest[0] ? 0 : -ENOTDIR;
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	target[len] = '\0';
	drop_last(walk);
	if (target[0] == '/')
		walk->done[0] = '\0';
	snprintf(rest, sizeof(rest), "%s%s", target, walk->rest);
	if (strlen(rest) >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	strcpy(walk->rest, rest);
	return 0;
}

/* Resolves one name of the rest. Returns 1, 0 where nothing is left, or -errno. */
static int step(struct walk *walk, bool follow_last)
{
	const char *rest = walk->rest;
	char name[NAME_MAX + 1];

	if (!take_name(&rest, name))
		return *rest ? -ENAMETOOLONG : 0;
	memmove(walk->rest, rest, strlen(rest) + 1);
	if (strcmp(name, ".") == 0)
		return 1;
	if (strcmp(name, "..") == 0) {
		drop_last(walk);
		return 1;
	}

	int rc = append(walk, name);

	if (rc == 0 && (follow_last || walk->rest[0]))
		rc = follow(walk);
	return rc < 0 ? rc : 1;
}

int resolve_open(int root, const char *path, int flags)
{
	struct walk walk = { .root = root, .done = "" };
	int rc;

	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	do {
		rc = step(&walk, !(flags & O_NOFOLLOW));
	} while (rc > 0);
	return rc < 0 ? rc : open_done(&walk, flags);
}
