/* SPDX-License-Identifier: MIT */
/*
 * When the SSH host keys were made: a key older than the RNG's readiness may be weak.
 * Only names and modification times are read; no key is opened.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define DIRECTORY "/etc/ssh/"

static void add(struct host_keys *keys, const char *path, int64_t modified)
{
	keys->more |= keys->count == HOST_KEYS_MAX;
	if (keys->more)
		return;

	struct host_key *key = &keys->list[keys->count++];

	snprintf(key->path, sizeof(key->path), "%s", path);
	key->modified = modified;
}

static bool is_key(const char *name)
{
	static const char before[] = "ssh_host_", after[] = "_key";
	size_t len = strlen(name);

	return len > strlen(before) + strlen(after) &&
	       strncmp(name, before, strlen(before)) == 0 &&
	       strcmp(name + len - strlen(after), after) == 0;
}

static void visit(int dir, const char *name, void *data)
{
	char path[FACT_TEXT_MAX];
	struct stat st;

	if (!is_key(name) || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	snprintf(path, sizeof(path), DIRECTORY "%s", name);
	add(data, path, st.st_mtim.tv_sec);
}

static void visit_captured(const char *path, const struct seed_file *file, void *data)
{
	struct host_keys *keys = data;

	if (strncmp(path, DIRECTORY, strlen(DIRECTORY)) != 0)
		return;
	if (!file)
		keys->unknown = "the captured tree has an invalid line about it";
	else if (is_key(path + strlen(DIRECTORY)))
		add(keys, path, file->modified);
}

void collect_host_keys(int root, struct facts *facts)
{
	struct host_keys *keys = &facts->host_keys;

	keys->unknown = NULL;
	keys->more = false;
	keys->count = 0;

	int rc = root == ROOT_LIVE ? read_names(root, DIRECTORY, visit, keys)
				   : read_captured_files(root, visit_captured, keys);

	if (rc < 0)
		keys->unknown = text_error(-rc);
}
