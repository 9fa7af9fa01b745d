/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SEEDS_H
#define CRNG_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files that carry a seed from one boot to the next. Never opened, only looked at. */

enum { SEEDS_MAX = 16, SEED_BYTES_MIN = 32 };

enum seed_credit { SEED_CREDIT_NO, SEED_CREDIT_YES, SEED_CREDIT_UNKNOWN };

struct seed_file {
	const char *system; /* whose it is: "systemd" */
	const char *path;
	const char *unknown; /* NULL, or why nothing more is known; lives for ever */
	uint64_t size;	     /* bytes */
	int64_t modified;    /* seconds since the epoch */
	uint32_t mode;	     /* permission bits */
	uint32_t uid;
	enum seed_credit credit;     /* is it credited at the next boot? */
	const char *credit_why;	     /* lives for ever */
	bool marked;		     /* carries systemd's user.random-seed-creditable */
	bool mark_hidden;	     /* whether it does could not be read */
	bool read_only, is_volatile; /* the file system */
};

struct seeds {
	const char *unknown; /* NULL, or why nothing was looked for */
	int64_t now;	     /* when, in seconds since the epoch; 0: not known */
	struct seed_file list[SEEDS_MAX]; /* those that are there, or might be */
	size_t count;
	bool none_but_hidden; /* not one is known to be there, some could be */
};

/* What a system does with its seed file at boot; see seeds_credit() for systemd's. */
struct seed_place {
	const char *system;
	const char *path;
	const char *credit_why;
	enum seed_credit credit;
};

/* All places that are looked at, ended by one whose path is NULL. */
extern const struct seed_place seed_places[];

/*
 * Decides whether the file is credited at next boot. systemd: is its service told to
 * (SYSTEMD_RANDOM_SEED_CREDIT)? Source: src/random-seed/random-seed.c of 252 to 257.
 */
void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  enum seed_credit systemd);

/*
 * Parses a line "PATH SIZE MODE UID MTIME FLAGS" of a captured tree: decimal numbers,
 * MODE octal, FLAGS "-" or comma-separated creditable, hidden (whether it is creditable
 * could not be read), ro, volatile. Returns 0 or -EINVAL. Sets place to the one of that
 * path, or NULL where it is none of seed_places.
 */
int seeds_parse_line(const char *line, struct seed_file *file,
		     const struct seed_place **place);

#endif
