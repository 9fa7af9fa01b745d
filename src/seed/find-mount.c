/* SPDX-License-Identifier: MIT */
/*
 * The mount ID tells apart what has the same path or the same device. A path alone proves
 * nothing, because a later mount can hide an earlier one.
 */
#include "seed/find-mount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/root.h"

static bool is_mount_of(const struct mountinfo *mount, const char *id, dev_t device)
{
	return id ? mount->id == strtoull(id, NULL, 10)
		  : mount->major == major(device) && mount->minor == minor(device);
}

bool find_mount(int fd, dev_t device, char **line, struct mountinfo *mount)
{
	static const char field[] = "mnt_id:";
	char path[64], text[512];
	size_t size = 0;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (root_read(ROOT_LIVE, path, text, sizeof(text)) <= 0)
		return false;

	const char *id = strstr(text, field);
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	id = id ? id + strlen(field) : NULL;
	while (mounts && !found && getline(line, &size, mounts) > 0)
		found = mountinfo_parse(*line, mount) && is_mount_of(mount, id, device);
	if (mounts)
		fclose(mounts);
	return found;
}

bool find_path(int fd, char path[PATH_MAX])
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);

	ssize_t len = readlink(link, path, PATH_MAX - 1);

	if (len <= 0)
		return false;
	path[len] = '\0';
	return true;
}
