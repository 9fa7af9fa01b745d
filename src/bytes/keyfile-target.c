/* SPDX-License-Identifier: MIT */
/*
 * The kernel follows a link in procfs to the file itself, whatever the text of the link
 * says. Nor is the text of other links enough: "fd/1" in /dev leads to procfs as well. So
 * the file system of each link on the way is checked.
 */
#include "bytes/keyfile-target.h"

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

/* Is it procfs, or the directory where procfs is usually mounted? */
static bool is_proc(int dir)
{
	struct stat st, proc;

	return in_procfs(dir) || (fstat(dir, &st) == 0 && stat("/proc", &proc) == 0 &&
				  st.st_ino == proc.st_ino && st.st_dev == proc.st_dev);
}

/* Moves on to another directory, if there is one. */
static bool move(struct place *place, const char *path)
{
	int dir = openat(place->dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return false;
	close(place->dir);
	place->dir = dir;
	return true;
}

/*
 * Goes from the directory of a link to that of its target. Where a directory on the way
 * is missing, because procfs is not mounted, stops at its name, which may be that of a
 * link (/dev/fd).
 */
static int enter(struct place *place)
{
	char *slash;

	place->name = place->path;
	if (place->name[0] == '/' && !move(place, "/"))
		return -errno;
	for (;; place->name = slash + 1) {
		place->name += strspn(place->name, "/");
		slash = strchr(place->name, '/');
		if (!slash)
			return 0;
		*slash = '\0';
		if (!move(place, place->name))
			return 0;
		if (is_proc(place->dir))
			return -ENOTSUP;
	}
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

static int follow(struct place *place)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		ssize_t len = read_link(place);

		if (len <= 0)
			return (int)len;

		int rc = enter(place);

		if (rc != 0)
			return rc;
	}
	return 0;
}

/* Is anything there, even a dangling link? */
static int check_free(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return errno == ENOENT ? 0 : -errno;
}

int keyfile_check_target(int dir, const char *name, bool replace)
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
		rc = errno == ENOENT ? 0 : -errno;
	else if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
	return replace ? rc : check_free(dir, name);
}
