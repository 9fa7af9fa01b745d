/* SPDX-License-Identifier: MIT */
/* Will a seed be credited at the next boot, and why? */
#include <string.h>
#include <sys/stat.h>

#include "status/seeds.h"

const char *seeds_credit_name(enum seed_credit credit)
{
	static const char *const names[] = {
		[SEED_CREDIT_NO] = "no",
		[SEED_CREDIT_YES] = "yes",
		[SEED_CREDIT_UNKNOWN] = "unknown",
	};

	return names[credit];
}

const char *seeds_machine_name(enum seed_machine machine)
{
	static const char *const names[] = {
		[SEED_MACHINE_NONE] = "none",
		[SEED_MACHINE_SAME] = "same",
		[SEED_MACHINE_OTHER] = "other",
		[SEED_MACHINE_UNKNOWN] = "unknown",
	};

	return names[machine];
}

static void credit(struct seed_file *file, enum seed_credit yes, const char *why)
{
	file->credit = yes;
	file->credit_why = why;
}

/* Decides by the mark, where systemd runs its service and is told to credit. */
static void credit_marked(struct seed_file *file, const struct seed_service *systemd)
{
	if (systemd->forced)
		credit(file, SEED_CREDIT_YES,
		       "systemd is told to, whether it is marked or not");
	else if (file->mark_hidden)
		credit(file, SEED_CREDIT_UNKNOWN, "its mark cannot be read");
	else if (!file->marked)
		credit(file, SEED_CREDIT_NO, "it is not marked creditable");
	else if (systemd->first_boot)
		credit(file, SEED_CREDIT_UNKNOWN,
		       "marked creditable, but this is a first boot, at which systemd credits none");
	else
		credit(file, SEED_CREDIT_YES,
		       "marked creditable, and systemd is told to");
}

static void credit_systemd(struct seed_file *file, const struct seed_service *systemd)
{
	file->orphan = systemd->loads == SEED_LOADS_NO;
	if (systemd->loads == SEED_LOADS_NO)
		credit(file, SEED_CREDIT_NO, systemd->why);
	else if (systemd->credit != SEED_CREDIT_YES)
		credit(file, systemd->credit, systemd->credit_why);
	else if (systemd->loads == SEED_LOADS_UNKNOWN)
		credit(file, SEED_CREDIT_UNKNOWN, systemd->why);
	else
		credit_marked(file, systemd);
}

/* s6 rngseed marks a creditable seed by taking away its owner's write permission. */
static void credit_s6(struct seed_file *file)
{
	if (file->mode & S_IWUSR)
		credit(file, SEED_CREDIT_NO,
		       "it is writable, and so not marked creditable");
	else
		credit(file, SEED_CREDIT_YES,
		       "it is read-only, and so marked creditable");
}

static bool is_refused(const struct seed_file *file)
{
	return file->refused;
}

static bool is_short(const struct seed_file *file)
{
	return file->size < SEED_BYTES_MIN;
}

static bool is_readable(const struct seed_file *file)
{
	return file->mode & (S_IRGRP | S_IROTH);
}

static bool is_open(const struct seed_file *file)
{
	return file->mode & (S_IRWXG | S_IRWXO);
}

/* What runs at boot runs as root. */
static bool is_foreign(const struct seed_file *file)
{
	return file->uid != 0;
}

static bool is_linked(const struct seed_file *file)
{
	return file->linked;
}

static bool is_of_other(const struct seed_file *file)
{
	return file->machine == SEED_MACHINE_OTHER;
}

static bool is_of_unknown(const struct seed_file *file)
{
	return file->machine == SEED_MACHINE_UNKNOWN;
}

static bool is_unkept(const struct seed_file *file)
{
	return file->unkept && !file->is_volatile;
}

#define DOUBT(holds, credit, why)                                             \
	{                                                                     \
		holds, credit, why, why ": SeedRNG credits it, crng does not" \
	}
#define NOT_SURE(holds, why)                         \
	{                                            \
		holds, SEED_CREDIT_UNKNOWN, why, why \
	}

/*
 * What keeps crng, but not SeedRNG, from crediting a seed whose name says that it can be
 * credited. The first one counts, as in crng seed.
 */
static const struct doubt {
	bool (*holds)(const struct seed_file *file);
	enum seed_credit credit; /* where only crng loads it */
	const char *why;
	const char *both; /* where SeedRNG is installed as well */
} doubts[] = {
	DOUBT(is_refused, SEED_CREDIT_NO, "crng refuses its directory"),
	DOUBT(is_short, SEED_CREDIT_NO, "it holds less than 256 bits"),
	DOUBT(is_foreign, SEED_CREDIT_NO, "it belongs to another user"),
	DOUBT(is_linked, SEED_CREDIT_NO, "it has another name as well"),
	DOUBT(is_readable, SEED_CREDIT_NO, "others can read it"),
	DOUBT(is_open, SEED_CREDIT_NO, "others can write it"),
	DOUBT(is_of_other, SEED_CREDIT_NO, "it was made on another machine"),
	NOT_SURE(is_of_unknown, "whether this machine made it is unknown"),
	DOUBT(is_unkept, SEED_CREDIT_NO, "its file system need not keep what is synced"),
};

/* Which of the two programs runs at boot is not known where both may. */
static void credit_seedrng(struct seed_file *file, const struct seeds *seeds)
{
	bool both = seeds->seedrng != SEEDRNG_ABSENT;

	if (!both)
		credit(file, SEED_CREDIT_YES,
		       "crng credits it, if crng seed runs at boot");
	for (size_t i = 0; i < sizeof(doubts) / sizeof(*doubts); i++) {
		if (!doubts[i].holds(file))
			continue;
		credit(file, both ? SEED_CREDIT_UNKNOWN : doubts[i].credit,
		       both ? doubts[i].both : doubts[i].why);
		return;
	}
}

static void credit_by_place(struct seed_file *file, const struct seed_place *place,
			    const struct seeds *seeds)
{
	credit(file, place->credit, place->credit_why);
	if (strcmp(place->system, "systemd") == 0)
		credit_systemd(file, &seeds->systemd);
	else if (strcmp(place->system, "s6") == 0)
		credit_s6(file);
	else if (strcmp(place->system, "SeedRNG") == 0 && seeds->crng &&
		 file->credit == SEED_CREDIT_YES)
		credit_seedrng(file, seeds);
}

/* SeedRNG and s6 remove, and crng replaces, the old seed before they credit any. */
static bool needs_removal(const struct seed_place *place)
{
	return strcmp(place->system, "SeedRNG") == 0 || strcmp(place->system, "s6") == 0;
}

void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  const struct seeds *seeds)
{
	credit_by_place(file, place, seeds);
	if (file->orphan && strcmp(place->system, "systemd") != 0)
		credit(file, SEED_CREDIT_NO, "nothing here would load it");
	else if (file->credit == SEED_CREDIT_NO || file->unknown)
		return;
	else if (file->size == 0)
		credit(file, SEED_CREDIT_NO, "it is empty");
	else if (file->is_volatile)
		credit(file, SEED_CREDIT_NO, "it will be gone at the next boot");
	else if (file->read_only && needs_removal(place))
		credit(file, SEED_CREDIT_NO, "it cannot be removed before it is used");
	else if (file->read_only && file->credit == SEED_CREDIT_YES)
		credit(file, SEED_CREDIT_YES,
		       "at every boot again, because systemd cannot replace it");
}
