/* SPDX-License-Identifier: MIT */
/*
 * What the services that keep seed files do with them, and how a captured tree lists
 * files.
 */
#include "status/seeds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define BY_KERNEL \
	"only if the kernel trusts the boot loader and there is a system token"
#define NAMED "its name says so"
#define MIXED "it is mixed in, never credited"

#define LOADERS static const char *const

/* The programs known to load seeds. */
const char *const seed_seedrng[] = {
	"/sbin/seedrng",
	"/usr/sbin/seedrng",
	"/bin/seedrng",
	"/usr/bin/seedrng",
	"/usr/local/sbin/seedrng",
	"/usr/local/bin/seedrng",
	"/lib/rc/bin/seedrng",
	"/usr/libexec/rc/bin/seedrng",
	"/etc/init.d/seedrng",
	NULL,
};
LOADERS initscripts[] = { "/etc/init.d/urandom", NULL };
LOADERS runit[] = { "/etc/runit/core-services", NULL };
LOADERS preinit[] = { "/lib/preinit", NULL };
LOADERS slackware[] = { "/etc/rc.d/rc.S", NULL };

const struct seed_place seed_places[] = {
	{ "systemd", "/var/lib/systemd/random-seed", NULL, SEED_CREDIT_NO, NULL },
	{ "SeedRNG", "/var/lib/seedrng/seed.credit", NAMED, SEED_CREDIT_YES,
	  seed_seedrng },
	{ "SeedRNG", "/var/lib/seedrng/seed.no-credit", NAMED, SEED_CREDIT_NO,
	  seed_seedrng },
	{ "sysvinit", "/var/lib/urandom/random-seed", MIXED, SEED_CREDIT_NO,
	  initscripts },
	{ "Void", "/var/lib/random-seed", MIXED, SEED_CREDIT_NO, runit },
	{ "OpenWrt", "/etc/urandom.seed", MIXED, SEED_CREDIT_NO, preinit },
	{ "OpenRC", "/var/lib/misc/random-seed", MIXED, SEED_CREDIT_NO, initscripts },
	{ "Slackware", "/etc/random-seed", MIXED, SEED_CREDIT_NO, slackware },
	{ "s6", "/var/lib/rngseed/seed", NULL, SEED_CREDIT_NO, NULL },
	{ "systemd-boot", "/efi/loader/random-seed", BY_KERNEL, SEED_CREDIT_UNKNOWN,
	  NULL },
	{ "systemd-boot", "/boot/loader/random-seed", BY_KERNEL, SEED_CREDIT_UNKNOWN,
	  NULL },
	{ "systemd-boot", "/boot/efi/loader/random-seed", BY_KERNEL, SEED_CREDIT_UNKNOWN,
	  NULL },
	{ NULL, NULL, NULL, SEED_CREDIT_NO, NULL },
};

const char *seeds_credit_name(enum seed_credit credit)
{
	static const char *const names[] = {
		[SEED_CREDIT_NO] = "no",
		[SEED_CREDIT_YES] = "yes",
		[SEED_CREDIT_UNKNOWN] = "unknown",
	};

	return names[credit];
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

/* SeedRNG and s6 first remove the old seed; where they cannot, they do not credit it. */
static bool needs_removal(const struct seed_place *place)
{
	return strcmp(place->system, "SeedRNG") == 0 || strcmp(place->system, "s6") == 0;
}

void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  const struct seed_service *systemd)
{
	if (strcmp(place->system, "systemd") == 0)
		credit_systemd(file, systemd);
	else if (strcmp(place->system, "s6") == 0)
		credit_s6(file);
	else
		credit(file, place->credit, place->credit_why);
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

const struct seed_place *seeds_place(const char *path)
{
	for (const struct seed_place *place = seed_places; place->path; place++)
		if (strcmp(place->path, path) == 0)
			return place;
	return NULL;
}

static bool has_flag(const char *flags, const char *flag)
{
	size_t len = strlen(flag);

	while (*flags) {
		size_t n = strcspn(flags, ",");

		if (n == len && strncmp(flags, flag, n) == 0)
			return true;
		flags += n + (flags[n] == ',');
	}
	return false;
}

int seeds_parse_line(const char *line, char path[SEED_PATH_MAX], struct seed_file *file)
{
	char flags[64], rest;
	unsigned long long size;
	unsigned int mode, uid;
	long long modified;

	_Static_assert(SEED_PATH_MAX == 256, "the width of the path below");
	if (sscanf(line, "%255s %18llu %6o %10u %18lld %63s %c", path, &size, &mode, &uid,
		   &modified, flags, &rest) != 6)
		return -EINVAL;
	*file = (struct seed_file){
		.size = size,
		.mode = mode & 07777,
		.uid = uid,
		.modified = modified,
		.marked = has_flag(flags, "creditable"),
		.mark_hidden = has_flag(flags, "hidden"),
		.read_only = has_flag(flags, "ro"),
		.is_volatile = has_flag(flags, "volatile"),
		.orphan = has_flag(flags, "orphan"),
	};
	return 0;
}
