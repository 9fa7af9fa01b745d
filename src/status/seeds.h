/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SEEDS_H
#define CRNG_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files that carry a seed from one boot to the next. Never opened, only looked at. */

enum { SEEDS_MAX = 16, SEED_BYTES_MIN = 32, SEED_PATH_MAX = 256 };

enum seed_credit { SEED_CREDIT_NO, SEED_CREDIT_YES, SEED_CREDIT_UNKNOWN };
enum seed_loads { SEED_LOADS_NO, SEED_LOADS_YES, SEED_LOADS_UNKNOWN };

/* What systemd does with its seed at boot, by its own word. All strings are static. */
struct seed_service {
	enum seed_loads loads;	 /* does its service run at boot? */
	const char *why;	 /* NO and UNKNOWN: why it does not, or may not */
	const char *remedy;	 /* a command against that; NULL: none is known */
	enum seed_credit credit; /* is it told to credit a seed that is marked? */
	const char *credit_why;
	const char *credit_remedy; /* NO: a command that makes it; NULL: none is known */
	bool forced;		   /* to credit one that is not marked, too */
	bool first_boot;	   /* of the system: then a marked one is not credited */
};

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
	bool orphan;		     /* nothing is here that would load it */
};

struct seeds {
	const char *unknown; /* NULL, or why nothing was looked for */
	int64_t now;	     /* when, in seconds since the epoch; 0: not known */
	struct seed_file list[SEEDS_MAX]; /* those that are there, or might be */
	size_t count;
	bool none_but_hidden; /* not one is known to be there, some could be */
	struct seed_service systemd;
	const char *seedrng; /* a command that starts the SeedRNG that is here, or NULL */
};

/* What a system does with its seed file at boot; see seeds_credit() for systemd's. */
struct seed_place {
	const char *system;
	const char *path;
	const char *credit_why;
	enum seed_credit credit;
	const char *const *loaders; /* paths, one of which loads it, ended by NULL; NULL:
				       what loads it cannot be told by files */
};

/* All places that are looked at, ended by one whose path is NULL. */
extern const struct seed_place seed_places[];

/* The paths of SeedRNG, ended by NULL. */
extern const char *const seed_seedrng[];

/*
 * Decides whether the file is credited at next boot, and whether it is an orphan where
 * that is for systemd to say. Sources: systemd's src/random-seed/random-seed.c of 247 and
 * 252, random-seed-tool.c of 257; SeedRNG, s6 rngseed.
 */
void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  const struct seed_service *systemd);

/*
 * Judges what systemctl(1) shows of systemd-random-seed.service, and of the manager
 * (NULL: not known); both are "NAME=VALUE" lines, foreign text. Fills all but first_boot.
 * Sources: systemd's core/execute.c (what makes an environment), shared/
 * bus-print-properties.c and basic/escape.c (how lists are quoted) of 247 to 257.
 */
void seeds_judge_service(const char *unit, const char *manager,
			 struct seed_service *service);

/* Does the value of user.random-seed-creditable mark a seed, as systemd reads it? */
bool seeds_is_mark(const char *value);

/* The properties of the unit and of the manager that it needs, as systemctl has them. */
#define SEEDS_UNIT_PROPERTIES                                                    \
	"LoadState,UnitFileState,ActiveState,ConditionResult,"                   \
	"ConditionTimestampMonotonic,ExecStart,WantedBy,RequiredBy,Environment," \
	"EnvironmentFiles,PassEnvironment,UnsetEnvironment"
#define SEEDS_MANAGER_PROPERTIES "Version,Environment"
#define SEEDS_UNIT "systemd-random-seed.service"

/* The place of that path, or NULL where it is none of seed_places. */
const struct seed_place *seeds_place(const char *path);

/*
 * Parses a line "PATH SIZE MODE UID MTIME FLAGS" of a captured tree: decimal numbers,
 * MODE octal, FLAGS "-" or comma-separated creditable, hidden (whether it is creditable
 * could not be read), ro, volatile, orphan. Fills the path, foreign text, and of the file
 * what the line tells. Returns 0 or -EINVAL.
 */
int seeds_parse_line(const char *line, char path[SEED_PATH_MAX], struct seed_file *file);

#endif
