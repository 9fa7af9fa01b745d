/* SPDX-License-Identifier: MIT */
/*
 * Two mounts show the same file if they are of the same file system, and the file has the
 * same path within it. The mount points prove nothing, because a sandbox can mount
 * anything anywhere. If the mounts of process 1 cannot be read, our own mount counts.
 */
#include "status/collect/sandbox-mount.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seed/find-mount.h"
#include "seed/mountinfo.h"

/* Far more mounts than one path leads through. */
#define STEPS_MAX 256

/* A file as a process sees it. */
struct view {
	unsigned long long mount;
	unsigned int major, minor;
	char inside[PATH_MAX]; /* its path within the file system */
	bool read_only;
};

/* The length of the mount point if path is at or below it, else 0. "/" is above all. */
static size_t covered(const char *point, const char *path)
{
	size_t len = strlen(point);

	if (strcmp(point, "/") == 0)
		return 1;
	return strncmp(path, point, len) == 0 && (path[len] == '/' || !path[len]) ? len
										  : 0;
}

static bool has_option(const char *options, const char *name)
{
	char value[2];

	return mountinfo_option(options, name, value, sizeof(value));
}

/* The file of this path, which the mount covers. */
static void see(const struct mountinfo *mount, const char *path, struct view *view)
{
	const char *rest = strcmp(mount->point, "/") == 0 ? path
							  : path + strlen(mount->point);
	const char *root = strcmp(mount->root, "/") == 0 ? "" : mount->root;

	view->mount = mount->id;
	view->major = mount->major;
	view->minor = mount->minor;
	view->read_only = has_option(mount->options, "ro") ||
			  has_option(mount->super_options, "ro");
	/* A path that does not fit names no file, so nothing is said of it. */
	if (snprintf(view->inside, sizeof(view->inside), "%s%s", root, rest) >=
	    (int)sizeof(view->inside))
		view->read_only = true;
}

/* Is it on this mount? Without one: is it the root, or one of several there? */
static bool is_on(const struct mountinfo *mount, const struct view *below)
{
	if (!below)
		return strcmp(mount->point, "/") == 0;
	return mount->parent == below->mount && mount->id != below->mount;
}

/* Of the mounts on one mount, a path meets that with the shortest mount point first. */
static bool step(const char *path, const struct view *below, struct view *next)
{
	FILE *mounts = fopen("/proc/1/mountinfo", "re");
	struct mountinfo mount;
	char *line = NULL;
	size_t size = 0, shortest = SIZE_MAX;

	while (mounts && getline(&line, &size, mounts) > 0) {
		size_t len = mountinfo_parse(line, &mount) && is_on(&mount, below)
				     ? covered(mount.point, path)
				     : 0;

		if (len == 0 || len >= shortest)
			continue;
		shortest = len;
		see(&mount, path, next);
	}
	free(line);
	if (mounts)
		fclose(mounts);
	return shortest < SIZE_MAX;
}

/* The order of the lines proves nothing: a mount can be hidden by another one. */
static bool look_as_first(const char *path, struct view *view)
{
	struct view next;

	if (!step(path, NULL, view))
		return false;
	for (int steps = 0; steps < STEPS_MAX; steps++) {
		if (!step(path, view, &next))
			return true;
		*view = next;
	}
	return false;
}

static bool look(int fd, dev_t device, const char *path, struct view *view)
{
	struct mountinfo mount;
	char *line = NULL;
	bool seen = find_mount(fd, device, &line, &mount) &&
		    covered(mount.point, path) > 0;

	if (seen)
		see(&mount, path, view);
	free(line);
	return seen;
}

bool sandbox_mount(int fd, dev_t device)
{
	char link[64], path[PATH_MAX];
	struct view own, first;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);

	ssize_t len = readlink(link, path, sizeof(path) - 1);

	if (len <= 0 || path[0] != '/')
		return false;
	path[len] = '\0';
	return look(fd, device, path, &own) && own.read_only &&
	       look_as_first(path, &first) && own.major == first.major &&
	       own.minor == first.minor && strcmp(own.inside, first.inside) == 0 &&
	       !first.read_only;
}
