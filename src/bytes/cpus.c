/* SPDX-License-Identifier: MIT */
/* More workers than a container may use CPUs only get in each other's way. */
#include "bytes/cpus.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "bytes/cgroup.h"

static unsigned int allowed_by_affinity(void)
{
	/* sched_getaffinity(2) wants a set as large as the kernel's: at most 8192. */
	cpu_set_t set[8192 / CPU_SETSIZE];

	if (sched_getaffinity(0, sizeof(set), set) != 0)
		return UINT_MAX;
	return (unsigned int)CPU_COUNT_S(sizeof(set), set);
}

/*
 * The CPUs that the text of a cpu.max ("QUOTA PERIOD", in microseconds, or "max PERIOD")
 * allows, rounded up; UINT64_MAX where it sets no limit or cannot be parsed.
 */
static uint64_t cpus_of_quota(const char *text)
{
	char copy[64];
	uint64_t quota, period;

	snprintf(copy, sizeof(copy), "%s", text);

	char *space = strchr(copy, ' ');

	if (!space)
		return UINT64_MAX;
	*space = '\0';
	if (number_size(copy, &quota) != 0 || number_size(space + 1, &period) != 0 ||
	    period == 0)
		return UINT64_MAX;
	return quota / period + (quota % period != 0);
}

unsigned int cpus_usable(void)
{
	unsigned int affinity = allowed_by_affinity();
	uint64_t group = cgroup_least("cpu.max", cpus_of_quota);
	unsigned int cpus = affinity < group ? affinity : (unsigned int)group;

	return cpus == UINT_MAX || cpus == 0 ? 1 : cpus;
}
