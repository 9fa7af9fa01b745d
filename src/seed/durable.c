/* SPDX-License-Identifier: MIT */
/*
 * Invariant: a seed is credited only if its replacement is sure to stay. If the file
 * system or the upper layer of its overlay is in memory, the old seed may be back at the
 * next boot. Nothing here writes, so the order of the system calls does not matter.
 */
#include "seed/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/filesystem.h"
#include "base/root.h"
#include "seed/backing.h"
#include "seed/files.h"
#include "seed/find-mount.h"
#include "seed/mountinfo.h"

#define NO_UPPER "the upper layer of overlayfs cannot be found"
#define NOT_UPPER "the upper layer of overlayfs does not hold it"

#define MOUNTED "the file system is mounted with "

static const char *options_doubt(const struct mountinfo *mount)
{
	static const struct {
		const char *name, *value; /* up to a colon */
		const char *doubt;
	} bad[] = {
		{ "nobarrier", "", MOUNTED "nobarrier" },
		{ "barrier", "0", MOUNTED "barrier=0" },
		{ "barrier", "none", MOUNTED "barrier=none" },
		{ "fsync_mode", "nobarrier", MOUNTED "fsync_mode=nobarrier" },
		{ "checkpoint", "disable", MOUNTED "checkpoint=disable" },
		{ "nointegrity", "", MOUNTED "nointegrity" },
		{ "journal_flush_disabled", "", MOUNTED "journal_flush_disabled" },
		{ "nochanges", "", MOUNTED "nochanges" },
		{ "volatile", "", MOUNTED "volatile" },
		{ "fsync", "volatile", MOUNTED "fsync=volatile" },
	};
	char value[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (!mountinfo_option(mount->super_options, bad[i].name, value,
				      sizeof(value)))
			continue;
		value[strcspn(value, ":")] = '\0';
		if (strcmp(value, bad[i].value) == 0)
			return bad[i].doubt;
	}
	return NULL;
}

/* Names the directory in the upper layer, by its path within the overlay. */
static bool name_upper(int dir, const struct mountinfo *mount, char upper[PATH_MAX])
{
	char path[PATH_MAX], inside[PATH_MAX], layer[PATH_MAX];

	return find_path(dir, path) && mountinfo_covers(mount, path) &&
	       mountinfo_option(mount->super_options, "upperdir", layer, sizeof(layer)) &&
	       mountinfo_inside(mount, path, inside, sizeof(inside)) &&
	       snprintf(upper, PATH_MAX, "%s%s", layer, inside) < PATH_MAX;
}

static bool same_content(int a, int b, const char *name)
{
	struct stored_seed in_a, in_b;
	bool same = files_read(a, name, &in_a) == 0 && files_read(b, name, &in_b) == 0 &&
		    in_a.there && in_b.there && in_a.len == in_b.len &&
		    memcmp(in_a.bytes, in_b.bytes, in_a.len) == 0;

	explicit_bzero(&in_a, sizeof(in_a));
	explicit_bzero(&in_b, sizeof(in_b));
	return same;
}

static const char *doubt_of(int fd, const char *witness, bool upper, unsigned int depth);

static const char *overlay_doubt(int dir, const struct mountinfo *mount,
				 const char *witness)
{
	char path[PATH_MAX];

	if (!name_upper(dir, mount, path))
		return NO_UPPER;

	int layer = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *doubt = errno == ENOENT && witness ? NOT_UPPER : NO_UPPER;

	if (layer >= 0 && witness && !same_content(dir, layer, witness))
		doubt = NOT_UPPER;
	else if (layer >= 0)
		doubt = doubt_of(layer, NULL, true, 0);
	if (layer >= 0)
		close(layer);
	return doubt;
}

/* btrfs does not show the device of a file, but it is the source of the mount. */
static dev_t device_of(const struct stat *st, const struct mountinfo *mount)
{
	struct stat source;

	if (major(st->st_dev) == 0 && stat(mount->source, &source) == 0 &&
	    S_ISBLK(source.st_mode))
		return source.st_rdev;
	return st->st_dev;
}

static const char *plain_doubt(const struct stat *st, const struct statfs *fs,
			       const struct mountinfo *mount, unsigned int depth)
{
	dev_t device = device_of(st, mount);
	bool on_device = major(device) != 0;
	const char *doubt = backing_type_doubt((unsigned long)fs->f_type, on_device);

	return doubt || !on_device ? doubt : backing_doubt(device, depth);
}

/* An overlay on an overlay, which is rare, is not followed. */
static const char *doubt_of(int fd, const char *witness, bool upper, unsigned int depth)
{
	struct stat st;
	struct statfs fs;
	struct mountinfo mount;
	char *line = NULL;
	const char *doubt = "how the file system is mounted cannot be seen";

	if (fstat(fd, &st) == 0 && fstatfs(fd, &fs) == 0 &&
	    find_mount(fd, st.st_dev, &line, &mount)) {
		doubt = options_doubt(&mount);
		if (!doubt && (uint32_t)fs.f_type != OVERLAYFS_SUPER_MAGIC)
			doubt = plain_doubt(&st, &fs, &mount, depth);
		else if (!doubt)
			doubt = upper ? NO_UPPER : overlay_doubt(fd, &mount, witness);
	}
	free(line);
	return doubt;
}

const char *durable_doubt(int dir, const char *witness)
{
	return doubt_of(dir, witness, false, 0);
}

const char *durable_below(int file, unsigned int depth)
{
	return doubt_of(file, NULL, true, depth);
}
