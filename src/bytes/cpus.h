/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CPUS_H
#define CRNG_CPUS_H

/*
 * How many CPUs this process can keep busy, at least 1: those that its affinity allows
 * (sched_getaffinity(2)), and no more than the quota of its control group and of those
 * above it (cpu.max; Linux, Documentation/admin-guide/cgroup-v2.rst), rounded up. A file
 * that cannot be read sets no limit.
 */
unsigned int cpus_usable(void);

#endif
