/* SPDX-License-Identifier: MIT */
/*
 * Invariant: what cannot be seen of the layers below is a doubt. Nothing here writes, so
 * the order of the system calls does not matter.
 */
#include "seed/backing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/loop.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/filesystem.h"
#include "base/root.h"
#include "seed/durable.h"

enum { DEPTH_MAX = 8 };

#define IN_MEMORY "the file system is in memory"
#define NO_DEVICE "the block device of the file system cannot be seen"
#define NO_LOOP_FILE "the file of a loop device cannot be seen"

static const struct {
	uint32_t type;
	const char *doubt; /* NULL: it is known to keep what is synced */
} without_device[] = {
	{ TMPFS_MAGIC, IN_MEMORY },	  { RAMFS_MAGIC, IN_MEMORY },
	{ BTRFS_SUPER_MAGIC, NO_DEVICE }, { BCACHEFS_SUPER_MAGIC, NO_DEVICE },
	{ UBIFS_SUPER_MAGIC, NULL },	  { JFFS2_SUPER_MAGIC, NULL },
	{ ZFS_SUPER_MAGIC, NULL },
};

/* The type is signed on some machines, and RAMFS_MAGIC has all 32 bits. */
const char *backing_type_doubt(unsigned long type, bool on_device)
{
	/* The kernel takes a missing fsync of a FUSE server for a success. */
	if ((uint32_t)type == FUSE_SUPER_MAGIC)
		return "a FUSE file system may not store what it reports as synced";
	if (on_device)
		return NULL;
	for (size_t i = 0; i < sizeof(without_device) / sizeof(*without_device); i++)
		if (without_device[i].type == (uint32_t)type)
			return without_device[i].doubt;
	return "a file system of this type may not store what it reports as synced";
}

/* Is that the file of the loop device? Another one may have its path by now. */
static bool is_file_of(unsigned int number, int fd)
{
	char path[32];
	struct loop_info64 info;
	struct stat st;

	snprintf(path, sizeof(path), "/dev/loop%u", number);

	int loop = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool same = loop >= 0 && fstat(fd, &st) == 0 &&
		    ioctl(loop, LOOP_GET_STATUS64, &info) == 0 &&
		    info.lo_inode == st.st_ino;

	if (loop >= 0)
		close(loop);
	return same;
}

static const char *loop_doubt(unsigned int number, unsigned int depth)
{
	char path[64], file[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/block/loop%u/loop/backing_file", number);
	if (root_read(ROOT_LIVE, path, file, sizeof(file)) <= 0)
		return NO_LOOP_FILE;
	file[strcspn(file, "\n")] = '\0';

	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *doubt = fd >= 0 && is_file_of(number, fd)
				    ? durable_below(fd, depth + 1)
				    : NO_LOOP_FILE;

	if (fd >= 0)
		close(fd);
	return doubt;
}

static const char *device_doubt(const char *sysfs, unsigned int depth);

/* The parts of a device of device mapper or md; a partition has none of its own. */
static const char *parts_doubt(const char *sysfs, const char *of, unsigned int depth)
{
	char path[PATH_MAX];
	const char *doubt = NULL;

	snprintf(path, sizeof(path), "%s%s/slaves", sysfs, of);

	DIR *parts = opendir(path);

	if (!parts)
		return errno == ENOENT ? NULL : NO_DEVICE;
	for (struct dirent *part; !doubt && (part = readdir(parts));) {
		if (part->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s%s/slaves/%s", sysfs, of,
			     part->d_name) < (int)sizeof(path))
			doubt = device_doubt(path, depth + 1);
		else
			doubt = NO_DEVICE;
	}
	closedir(parts);
	return doubt;
}

/* "/sys/dev/block/7:0" is a link to ".../block/loop0", a partition to ".../loop0p1". */
static const char *device_doubt(const char *sysfs, unsigned int depth)
{
	char link[PATH_MAX];
	ssize_t len = readlink(sysfs, link, sizeof(link) - 1);

	if (len < 0 || depth > DEPTH_MAX)
		return NO_DEVICE;
	link[len] = '\0';

	const char *slash = strrchr(link, '/'), *name = slash ? slash + 1 : link;
	unsigned int number;

	if (sscanf(name, "ram%u", &number) == 1 || sscanf(name, "zram%u", &number) == 1)
		return IN_MEMORY;
	if (sscanf(name, "loop%u", &number) == 1)
		return loop_doubt(number, depth);

	const char *doubt = parts_doubt(sysfs, "", depth);

	return doubt ? doubt : parts_doubt(sysfs, "/..", depth);
}

const char *backing_doubt(dev_t device, unsigned int depth)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(device),
		 minor(device));
	return device_doubt(path, depth);
}
