/* SPDX-License-Identifier: MIT */
/* What a container may use: each control group above ours can only reduce it. */
#include "bytes/cgroup.h"

#include <stdio.h>
#include <string.h>

#include "base/root.h"

#define MOUNT "/sys/fs/cgroup"

/* The path of our group, after "0::" in /proc/self/cgroup; NULL: not known. */
static char *group_path(char *text)
{
	char *line = text;

	while (line && strncmp(line, "0::/", 4) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (!line)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line + strlen("0::");
}

uint64_t cgroup_least(const char *file, uint64_t (*value)(const char *text))
{
	char groups[4096], path[sizeof(groups) + 64], text[64];
	uint64_t least = UINT64_MAX;
	char *group = root_read(ROOT_LIVE, "/proc/self/cgroup", groups, sizeof(groups)) <
				      0
			      ? NULL
			      : group_path(groups);

	while (group) {
		snprintf(path, sizeof(path), MOUNT "%s/%s", group, file);
		if (root_read(ROOT_LIVE, path, text, sizeof(text)) >= 0) {
			text[strcspn(text, "\n")] = '\0';

			uint64_t limit = value(text);

			least = limit < least ? limit : least;
		}
		char *slash = strrchr(group, '/');

		if (!slash)
			break;
		*slash = '\0';
	}
	return least;
}
