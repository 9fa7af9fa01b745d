/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PLACE_H
#define CRNG_PLACE_H

#include <stdbool.h>

/* Where we are, as far as it can be seen. */
struct place {
	bool known;	 /* our own namespaces could be read */
	bool own_pid;	 /* a PID namespace that is not the machine's */
	bool own_other;	 /* the same for users, host name, IPC or control groups */
	bool own_mounts; /* a mount namespace that is not known to be the machine's */
	bool disk;	 /* the root directory is the root of a disk */
	bool own_root;	 /* a root directory other than that of PID 1 */
	bool service;	 /* a sandbox that systemd made for one of its services */
};

/* Finds it out from the links in /proc/PID/ns, mountinfo, control groups below root. */
void place_find(int root, struct place *place);

/*
 * Does the path of a control group of the process ("self", "1") contain part, or end with
 * it if ends is set? False where it cannot be read.
 */
bool place_in_group(int root, const char *process, const char *part, bool ends);

#endif
