/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MOUNTINFO_H
#define CRNG_MOUNTINFO_H

#include <stdbool.h>
#include <stddef.h>

/* A line of /proc/PID/mountinfo (proc(5)). The members point into it. */
struct mountinfo {
	unsigned long long id, parent; /* of the mount, and of the one that it is on */
	unsigned int major, minor;     /* of its device */
	const char *root, *point; /* the part of the file system that is mounted; where */
	const char *source;	  /* such as "/dev/vda1" */
	const char *options;	  /* of this mount of the file system */
	const char *super_options; /* of the file system itself */
};

/*
 * Parses the line in place, and decodes its escapes, except those of the options. Returns
 * false if it is not such a line.
 */
bool mountinfo_parse(char *line, struct mountinfo *mount);

/*
 * Copies the value of an option, up to the next comma that no backslash precedes, without
 * its escapes; "" for an option without value. Returns false where it is not there or
 * does not fit.
 */
bool mountinfo_option(const char *options, const char *name, char *value, size_t size);

/* Is this path, as the process of these mounts sees it, at or below the mount point? */
bool mountinfo_covers(const struct mountinfo *mount, const char *path);

/*
 * Copies the path within the file system of the file at such a path. Returns false if it
 * does not fit.
 */
bool mountinfo_inside(const struct mountinfo *mount, const char *path, char *inside,
		      size_t size);

#endif
