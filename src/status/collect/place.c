/* SPDX-License-Identifier: MIT */
/* Where this process is: in which namespaces, and with which root directory. */
#include "status/collect/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/namespace.h"
#include "base/root.h"
#include "status/collect/read.h"

enum { TEXT_MAX = 65536, LINK_MAX_BYTES = 64 };

static const struct {
	const char *name;
	unsigned long long first;
} namespaces[] = {
	{ "ipc", NAMESPACE_FIRST_IPC },
	{ "uts", NAMESPACE_FIRST_UTS },
	{ "user", NAMESPACE_FIRST_USER },
	{ "cgroup", NAMESPACE_FIRST_CGROUP },
};

/* Does /proc show the process numbers of our PID namespace? */
static bool has_our_numbers(void)
{
	char own[16], number[16];
	ssize_t len = readlink("/proc/self", number, sizeof(number) - 1);

	number[len < 0 ? 0 : len] = '\0';
	snprintf(own, sizeof(own), "%d", (int)getpid());
	return strcmp(own, number) == 0;
}

/* The process that the user started: this one, or the one that watches it (ask.h). */
static void name_own(int root, char *name, size_t size)
{
	pid_t watcher = root == ROOT_LIVE ? ask_watcher() : 0;

	if (watcher > 0 && has_our_numbers())
		snprintf(name, size, "%d", (int)watcher);
	else
		snprintf(name, size, "self");
}

/*
 * The inode number of a namespace of the process ("self", "1"); 0 where this kernel has
 * no such kind. Returns false where it cannot be told.
 */
static bool read_namespace(int root, const char *process, const char *name,
			   unsigned long long *inode)
{
	char path[LINK_MAX_BYTES], link[LINK_MAX_BYTES];

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, name);

	int fd = root_open_any(root, path, O_PATH | O_NOFOLLOW);
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", link, sizeof(link) - 1);

	if (fd >= 0)
		close(fd);
	/*
	 * A tarball keeps no dangling links, so a captured tree may have files instead.
	 */
	if (len < 0 && fd >= 0 && root != ROOT_LIVE)
		len = root_read(root, path, link, sizeof(link));
	*inode = 0;
	if (len < 0) {
		snprintf(path, sizeof(path), "/proc/%s/ns", process);
		return fd == -ENOENT && root_exists(root, path) == 1;
	}
	link[len] = '\0';

	const char *number = strchr(link, '[');

	if (number)
		*inode = strtoull(number + 1, NULL, 10);
	return number != NULL;
}

static bool is_own(int root, const char *name, unsigned long long first, bool *known)
{
	unsigned long long inode;
	char self[16];

	name_own(root, self, sizeof(self));

	bool read = read_namespace(root, self, name, &inode);

	*known &= read;
	return read && inode != 0 && inode != first;
}

/*
 * Finds the mount at the root in mountinfo: ID, ID of its parent, device, directory
 * within the file system, mount point. Its parent is the first mount of all only in the
 * first mount namespace. A root that is all of a disk belongs to a machine, or to a
 * container made from one.
 */
static void find_root_mount(int root, bool *is_first, bool *is_disk)
{
	static char text[TEXT_MAX];

	*is_first = *is_disk = false;
	if (root_read(root, "/proc/self/mountinfo", text, sizeof(text)) < 0)
		return;
	for (char *line = text; line; line = strchr(line, '\n')) {
		unsigned int id, parent, major;
		char from[256], at[3];

		line += *line == '\n';
		if (sscanf(line, "%9u %9u %9u:%*s %255s %2s", &id, &parent, &major, from,
			   at) != 5 ||
		    strcmp(at, "/") != 0)
			continue;
		*is_first = parent <= 1 || id <= 1;
		*is_disk = major != 0 && strcmp(from, "/") == 0;
		return;
	}
}

/*
 * Compared with PID 1, where that can be seen; else by the numbers that only the first
 * has.
 */
static bool has_own_mounts(int root, bool is_first)
{
	unsigned long long ours, first;
	char self[16];

	name_own(root, self, sizeof(self));
	if (read_namespace(root, self, "mnt", &ours) && ours == NAMESPACE_FIRST_MNT)
		return false;
	if (read_namespace(root, "1", "mnt", &first) && first != 0)
		return ours != first;
	return !is_first;
}

/* In a captured tree a file holds the answer as a word. */
static bool has_own_root(int root)
{
	struct stat ours, first;
	char word[16];

	if (root != ROOT_LIVE)
		return root_read(root, "/crng-capture/root", word, sizeof(word)) > 0 &&
		       strncmp(word, "other", strlen("other")) == 0;
	if (!ask_begin("/"))
		return false;

	bool other = stat("/", &ours) == 0 && stat("/proc/1/root", &first) == 0 &&
		     (ours.st_dev != first.st_dev || ours.st_ino != first.st_ino);

	ask_end();
	return other;
}

bool place_in_group(int root, const char *process, const char *part, bool ends)
{
	static char text[TEXT_MAX];
	char path[LINK_MAX_BYTES];

	snprintf(path, sizeof(path), "/proc/%s/cgroup", process);
	if (root_read(root, path, text, sizeof(text)) < 0)
		return false;

	size_t len = strlen(part);

	for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
		if (!ends || at[len] == '\n' || at[len] == '\0')
			return true;
	return false;
}

void place_find(int root, struct place *place)
{
	*place = (struct place){ .known = true };
	place->own_pid = is_own(root, "pid", NAMESPACE_FIRST_PID, &place->known);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++)
		place->own_other |= is_own(root, namespaces[i].name, namespaces[i].first,
					   &place->known);
	if (!place->known)
		return;

	bool is_first;

	find_root_mount(root, &is_first, &place->disk);
	place->own_mounts = has_own_mounts(root, is_first);
	place->own_root = has_own_root(root);
	place->service = place_in_group(root, "self", ".service", true) &&
			 place_in_group(root, "1", "/init.scope", true);
}
