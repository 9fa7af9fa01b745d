/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CGROUP_H
#define CRNG_CGROUP_H

#include <stdint.h>

/*
 * The lowest limit that the files of that name ("cpu.max", "memory.max") set in our
 * control group and in those above it; value parses the text of each. UINT64_MAX: no
 * limit is set, or none can be read. Only cgroup v2 (Linux,
 * Documentation/admin-guide/cgroup-v2.rst), mounted where systemd mounts it.
 */
uint64_t cgroup_least(const char *file, uint64_t (*value)(const char *text));

#endif
