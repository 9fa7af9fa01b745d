/* SPDX-License-Identifier: MIT */
/*
 * The kernel follows a link of procfs to the file itself, whatever its text says, and the
 * text is of no use: "fd/1" in /dev leads there as well. So each link on the way is asked
 * for the file system that it lies on.
 */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as the kernel's MAXSYMLINKS */

/* A place on the way: a name in an open directory. */
struct place {
	int dir;
	char path[PATH_MAX];
	const char *name; /* in path */
};

static bool in_procfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * Goes from the directory of a link to that of its target. Where that is missing, because
 * procfs is not mounted, the link that hides it is looked at instead (/dev/fd).
 */
static void enter(struct place *place)
{
	char *slash = strrchr(place->path, '/');
	int dir;

	place->name = slash ? slash + 1 : place->path;
	if (!slash)
		return;
	*slash = '\0';
	dir = openat(place->dir, slash == place->path ? "/" : place->path,
		     O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		place->name = place->path;
		return;
	}
	close(place->dir);
	place->dir = dir;
}

/* Reads the link at the place. Returns its length, 0 if there is no link, or -ENOTSUP. */
static ssize_t read_link(struct place *place)
{
	int fd = openat(place->dir, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return 0;

	ssize_t len = readlinkat(fd, "", place->path, sizeof(place->path) - 1);

	if (len > 0 && in_procfs(fd))
		len = -ENOTSUP;
	close(fd);
	if (len > 0)
		place->path[len] = '\0';
	return len == -ENOTSUP || len > 0 ? len : 0;
}

/* Where procfs is not mounted, a link into it dangles, and only its text tells. */
static int follow(struct place *place)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		ssize_t len = read_link(place);

		if (len <= 0)
			return (int)len;
		if (strncmp(place->path, "/proc/", strlen("/proc/")) == 0)
			return -ENOTSUP;
		enter(place);
	}
	return 0;
}

int target_check(int dir, const char *name)
{
	struct place place = { .dir = dup(dir), .name = name };
	struct stat st;

	if (place.dir < 0)
		return -errno;

	int rc = in_procfs(dir) ? -ENOTSUP : follow(&place);

	close(place.dir);
	if (rc != 0)
		return rc;
	if (fstatat(dir, name, &st, 0) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -ENOTSUP;
}
