/* SPDX-License-Identifier: MIT */
/* Workers beyond the CPUs that a container may use only get in each other's way. */
#include "cpus.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "io.h"
#include "parse.h"

#define MOUNT "/sys/fs/cgroup"

static unsigned int allowed_by_affinity(void)
{
	/* sched_getaffinity(2) refuses a set smaller than the kernel's; Linux has 8192.
	 */
	cpu_set_t set[8192 / CPU_SETSIZE];

	if (sched_getaffinity(0, sizeof(set), set) != 0)
		return UINT_MAX;
	return (unsigned int)CPU_COUNT_S(sizeof(set), set);
}

unsigned int cpus_of_quota(const char *text)
{
	char copy[64];
	uint64_t quota, period;

	snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(text, "\n"), text);

	char *space = strchr(copy, ' ');

	if (!space)
		return UINT_MAX;
	*space = '\0';
	if (parse_size(copy, &quota) != 0 || parse_size(space + 1, &period) != 0 ||
	    period == 0)
		return UINT_MAX;

	uint64_t cpus = quota / period + (quota % period != 0);

	return cpus < UINT_MAX ? (unsigned int)cpus : UINT_MAX;
}

/* The path of our group, behind "0::" in /proc/self/cgroup; NULL: not known. */
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

/* The least that our group and those above it allow. */
static unsigned int allowed_by_group(void)
{
	char groups[4096], path[sizeof(groups) + 64], text[64];
	unsigned int least = UINT_MAX;
	char *group = io_read_in(IO_LIVE_ROOT, "/proc/self/cgroup", groups,
				 sizeof(groups)) < 0
			      ? NULL
			      : group_path(groups);

	while (group) {
		snprintf(path, sizeof(path), MOUNT "%s/cpu.max", group);
		if (io_read_in(IO_LIVE_ROOT, path, text, sizeof(text)) >= 0) {
			unsigned int cpus = cpus_of_quota(text);

			least = cpus < least ? cpus : least;
		}
		char *slash = strrchr(group, '/');

		if (!slash)
			break;
		*slash = '\0';
	}
	return least;
}

unsigned int cpus_usable(void)
{
	unsigned int affinity = allowed_by_affinity(), group = allowed_by_group();
	unsigned int cpus = affinity < group ? affinity : group;

	return cpus == UINT_MAX || cpus == 0 ? 1 : cpus;
}
