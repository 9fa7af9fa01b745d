/* SPDX-License-Identifier: MIT */
/*
 * Invariant: what makes a machine unique, but is no seed, is named and never changed.
 * Nothing here writes, so the order of the system calls does not matter.
 */
#include "seed/unique.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/root.h"

typedef void visitor(const char *path, int error, void *data);

/* Where the servers keep their host keys, and what the names begin and end with. */
static const struct key_place {
	const char *directory, *before, *after;
} key_places[] = {
	{ "/etc/ssh/", "ssh_host_", "_key" },		/* OpenSSH */
	{ "/etc/dropbear/", "dropbear_", "_host_key" }, /* Dropbear */
};

static bool is_absent(int rc)
{
	return rc == -ENOENT || rc == -ENOTDIR;
}

static bool is_link(int root, const char *path)
{
	struct stat st;
	int fd = root_open_any(root, path, O_PATH | O_NOFOLLOW);
	bool yes = fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);

	if (fd >= 0)
		close(fd);
	return yes;
}

static void visit_machine_id(int root, const char *path, visitor *visit, void *data)
{
	static const char none[] = "uninitialized";
	char id[64];
	long len = root_read(root, path, id, sizeof(id));

	if (len < 0 && !is_absent((int)len))
		visit(path, (int)-len, data);
	else if (len > 0 && strncmp(id, none, strlen(none)) != 0)
		visit(path, 0, data);
}

static bool is_key(const struct key_place *place, const char *name)
{
	size_t len = strlen(name), before = strlen(place->before);
	size_t after = strlen(place->after);

	return len > before + after && strncmp(name, place->before, before) == 0 &&
	       strcmp(name + len - after, place->after) == 0;
}

static void visit_keys(const struct key_place *place, DIR *keys, visitor *visit,
		       void *data)
{
	char path[64 + NAME_MAX];

	for (const struct dirent *entry; (entry = readdir(keys));) {
		if (!is_key(place, entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s%s", place->directory, entry->d_name);
		visit(path, 0, data);
	}
}

static void visit_place(int root, const struct key_place *place, visitor *visit,
			void *data)
{
	int fd = root_open_any(root, place->directory, O_RDONLY | O_DIRECTORY);
	DIR *keys = fd < 0 ? NULL : fdopendir(fd);

	if (keys) {
		visit_keys(place, keys, visit, data);
		closedir(keys);
	} else if (fd >= 0) {
		visit(place->directory, errno, data);
		close(fd);
	} else if (!is_absent(fd)) {
		visit(place->directory, -fd, data);
	}
}

void unique_visit(int root, visitor *visit, void *data)
{
	static const char own[] = "/var/lib/dbus/machine-id";

	visit_machine_id(root, "/etc/machine-id", visit, data);
	if (!is_link(root, own))
		visit_machine_id(root, own, visit, data);
	for (size_t i = 0; i < sizeof(key_places) / sizeof(*key_places); i++)
		visit_place(root, &key_places[i], visit, data);
}
