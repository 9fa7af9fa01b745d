#ifndef CRNG_READ_H
#define CRNG_READ_H

#include "status/facts.h"
#include "status/seeds.h"

/*
 * The reading kit of the collectors. A path is one below root, which is ROOT_LIVE or
 * the descriptor of a captured tree (root.h).
 */

#define READ_RANDOM "/proc/sys/kernel/random/"

/* Why facts that only a running system tells are unknown in a captured tree. */
extern const char read_live_only[];

/*
 * Reads the file at path into the fact: one line of text, without its newline and the
 * blanks before that; a number of decimal digits; or such a number as a flag, no where it
 * is 0. Anything else there makes it unknown.
 */
void read_text(int root, const char *path, struct fact_text *fact);
void read_number(int root, const char *path, struct fact_number *fact);
void read_flag(int root, const char *path, struct fact_flag *fact);

/* root_exists() as a flag; no only where the hierarchy that it would be in exists. */
void read_presence(int root, const char *hierarchy, const char *path,
		   struct fact_flag *fact);

/*
 * Why nothing follows from the absence of something below hierarchy ("/proc/sys",
 * "/sys/class" or "/sys/bus", which exist wherever proc or sysfs is mounted). NULL where
 * the hierarchy exists: then what is missing in it does not exist. Points to a static
 * string.
 */
const char *read_gap(int root, const char *hierarchy);

/*
 * Calls visit with each name in the directory at path, except "." and "..". Returns 0 or
 * -errno.
 */
int read_names(int root, const char *path,
	       void (*visit)(int dir, const char *name, void *data), void *data);

/*
 * Calls visit for each file that a captured tree lists: seeds and private SSH host keys.
 * path is foreign text. For a line that is invalid, file is NULL and path is the line.
 * Returns 0 or -errno.
 */
int read_captured_files(int root,
			void (*visit)(const char *path, const struct seed_file *file,
				      void *data),
			void *data);

#endif
