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

static bool has_option(const char *options, const char *name)
{
	char value[2];

	return mountinfo_option(options, name, value, sizeof(value));
}

/* The file of this path, which the mount covers. */
static void see(const struct mountinfo *mount, const char *path, struct view *view)
{
	view->mount = mount->id;
	view->major = mount->major;
	view->minor = mount->minor;
	/* A path that does not fit names no file, so nothing is said of it. */
	view->read_only = !mountinfo_inside(mount, path, view->inside,
					    sizeof(view->inside)) ||
			  has_option(mount->options, "ro") ||
			  has_option(mount->super_options, "ro");
}

/* Is it on the mount below or, if there is none, at the root? */
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
		if (!mountinfo_parse(line, &mount) || !is_on(&mount, below) ||
		    !mountinfo_covers(&mount, path) || strlen(mount.point) >= shortest)
			continue;
		shortest = strlen(mount.point);
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
		    mountinfo_covers(&mount, path);

	if (seen)
		see(&mount, path, view);
	free(line);
	return seen;
}

bool sandbox_mount(int fd, dev_t device)
{
	char path[PATH_MAX];
	struct view own, first;

	return find_path(fd, path) && look(fd, device, path, &own) && own.read_only &&
	       look_as_first(path, &first) && own.major == first.major &&
	       own.minor == first.minor && strcmp(own.inside, first.inside) == 0 &&
	       !first.read_only;
}
