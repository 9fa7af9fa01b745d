/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SEEDS_H
#define CRNG_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Files that carry a seed from one boot to the next. They are looked at from outside and
 * never opened.
 */

enum { SEEDS_MAX = 16, SEED_BYTES_MIN = 32, SEED_PATH_MAX = 256 };

enum seed_credit { SEED_CREDIT_NO, SEED_CREDIT_YES, SEED_CREDIT_UNKNOWN };
/* Was the seed made on this machine? */
enum seed_machine {
	SEED_MACHINE_NONE, /* it is bound to none */
	SEED_MACHINE_SAME,
	SEED_MACHINE_OTHER,
	SEED_MACHINE_UNKNOWN,
};

enum seed_loads { SEED_LOADS_NO, SEED_LOADS_YES, SEED_LOADS_UNKNOWN };

/* What makes a service load its seed that does not, or credit it. */
enum seed_remedy {
	SEED_REMEDY_NONE,
	SEED_UNMASK,
	SEED_UNMASK_RUNTIME,
	SEED_ADD_WANTS,	 /* make sysinit.target start it */
	SEED_SEE_STATUS, /* find out why it does not run */
	SEED_SEE_UNIT,	 /* find out what it runs instead */
};

enum seed_credit_remedy {
	SEED_CREDIT_REMEDY_NONE,
	SEED_TELL,  /* set SYSTEMD_RANDOM_SEED_CREDIT */
	SEED_RESET, /* the same, and reset UnsetEnvironment= */
};

/* Which SeedRNG is installed: none, the program alone, or OpenRC's service. */
enum seedrng { SEEDRNG_ABSENT, SEEDRNG_PROGRAM, SEEDRNG_OPENRC };

/* What systemd says it does with its seed at boot. All strings are static. */
struct seed_service {
	enum seed_loads loads; /* does its service run at boot? */
	const char *why;       /* for NO and UNKNOWN: why it does not, or may not */
	enum seed_remedy remedy;
	enum seed_credit credit; /* is it told to credit a seed that is marked? */
	const char *credit_why;
	enum seed_credit_remedy credit_remedy; /* for NO */
	bool forced;	 /* it also credits a seed that is not marked */
	bool first_boot; /* of the system, at which even a marked seed is not credited */
};

struct seed_file {
	const char *system; /* the service that keeps it: "systemd" */
	const char *path;
	const char *unknown; /* why nothing more is known, static; or NULL */
	uint64_t size;	     /* bytes */
	int64_t modified;    /* seconds since the epoch */
	uint32_t mode;	     /* permission bits */
	uint32_t uid;
	enum seed_credit credit;     /* is it credited at the next boot? */
	const char *credit_why;	     /* points to a static string */
	bool marked;		     /* carries systemd's user.random-seed-creditable */
	bool mark_hidden;	     /* the mark could not be read */
	bool read_only, is_volatile; /* of the file system that it lies on */
	bool unkept;		     /* and that need not keep what is synced */
	bool linked;		     /* it has another name as well */
	bool refused;		     /* crng seed does not use its directory */
	bool orphan;		     /* no program here would load it */
	enum seed_machine machine;   /* by seed.machine in its directory */
	const char *machine_unknown; /* for UNKNOWN: why, static */
};

struct seeds {
	const char *unknown; /* NULL, or why nothing was looked for */
	int64_t now; /* the time of the look, in seconds since the epoch; 0: not known */
	struct seed_file list[SEEDS_MAX]; /* files that exist, or may exist */
	size_t count;
	struct seed_service systemd;
	enum seedrng seedrng;
	bool crng; /* a sign that crng seed loads those in the directory of SeedRNG */
};

/* What a system does with its seed file at boot; see seeds_credit() for systemd's. */
struct seed_place {
	const char *system;
	const char *path;
	const char *credit_why;
	enum seed_credit credit;

	/* Paths of the programs that load the seed; NULL where no file tells of them. */
	const char *const *loaders;
};

/* All places where a seed file may lie, ended by one whose path is NULL. */
extern const struct seed_place seed_places[];

/* The paths of SeedRNG, ended by NULL. */
extern const char *const seed_seedrng[];

/* Paths that show that crng seed loads the seeds of SeedRNG, ended by NULL. */
extern const char *const seed_crng[];

/* "no", "yes" or "unknown". */
const char *seeds_credit_name(enum seed_credit credit);

/* "none", "same", "other" or "unknown". */
const char *seeds_machine_name(enum seed_machine machine);

/*
 * Decides whether the file will be credited at the next boot and, for systemd's, whether
 * it is an orphan; in seeds, only the programs matter. Sources: systemd's
 * src/random-seed/random-seed.c of 247 and 252, random-seed-tool.c of 257; SeedRNG, s6
 * rngseed.
 */
void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  const struct seeds *seeds);

/*
 * Judges what systemctl(1) shows of systemd-random-seed.service, and of the manager
 * (NULL: not known); both are "NAME=VALUE" lines, foreign text. Fills all but first_boot.
 * Sources: systemd's core/execute.c (what makes an environment), shared/
 * bus-print-properties.c and basic/escape.c (how lists are quoted) of 247 to 257.
 */
void seeds_judge_service(const char *unit, const char *manager,
			 struct seed_service *service);

/* Does this value of user.random-seed-creditable mark a seed, as systemd reads it? */
bool seeds_is_mark(const char *value);

/*
 * The properties of the unit and of the manager that seeds_judge_service() needs, as
 * systemctl names them.
 */
#define SEEDS_UNIT_PROPERTIES                                                    \
	"LoadState,UnitFileState,ActiveState,ConditionResult,"                   \
	"ConditionTimestampMonotonic,ExecStart,WantedBy,RequiredBy,Environment," \
	"EnvironmentFiles,PassEnvironment,UnsetEnvironment"
#define SEEDS_MANAGER_PROPERTIES "Version,Environment"
#define SEEDS_UNIT "systemd-random-seed.service"

/* The place with that path, or NULL where it is none of seed_places. */
const struct seed_place *seeds_place(const char *path);

/*
 * Parses a line "PATH SIZE MODE UID MTIME FLAGS" of a captured tree: decimal numbers,
 * MODE octal, FLAGS "-" or a comma-separated list of creditable, hidden (the mark could
 * not be read), ro, volatile, unkept, linked, refused, orphan and machine=NAME, a name of
 * seeds_machine_name(). Fills path, which is foreign text, and those members of file that
 * the line tells. Returns 0 or -EINVAL.
 */
int seeds_parse_line(const char *line, char path[SEED_PATH_MAX], struct seed_file *file);

#endif
