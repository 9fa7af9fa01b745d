/* SPDX-License-Identifier: MIT */
/*
 * What the services that keep seed files do with them, and how a captured tree lists
 * files.
 */
#include "status/seeds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BY_KERNEL "only if the kernel trusts the boot loader and there is a system token"
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
	"/lib/rc/sbin/seedrng",
	"/usr/libexec/rc/bin/seedrng",
	"/etc/init.d/seedrng",
	NULL,
};
/* Packages do not enable every service, so an installed one proves nothing. */
const char *const seed_crng[] = {
	"/var/lib/seedrng/seed.machine",
	"/var/lib/seedrng/seed.machine.new",
	"/var/lib/seedrng/seed.new",
	"/etc/systemd/system/sysinit.target.wants/crng-seed.service",
	"/usr/lib/systemd/system/sysinit.target.wants/crng-seed.service",
	"/lib/systemd/system/sysinit.target.wants/crng-seed.service",
	"/etc/runlevels/sysinit/crng-seed",
	"/etc/runlevels/boot/crng-seed",
	"/etc/runlevels/default/crng-seed",
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

static enum seed_machine machine_of(const char *flags)
{
	char flag[32];

	for (int m = SEED_MACHINE_NONE; m <= SEED_MACHINE_UNKNOWN; m++) {
		snprintf(flag, sizeof(flag), "machine=%s",
			 seeds_machine_name((enum seed_machine)m));
		if (has_flag(flags, flag))
			return (enum seed_machine)m;
	}
	return SEED_MACHINE_NONE;
}

int seeds_parse_line(const char *line, char path[SEED_PATH_MAX], struct seed_file *file)
{
	char flags[128], rest;
	unsigned long long size;
	unsigned int mode, uid;
	long long modified;

	_Static_assert(SEED_PATH_MAX == 256, "the width of the path below");
	if (sscanf(line, "%255s %18llu %6o %10u %18lld %127s %c", path, &size, &mode,
		   &uid, &modified, flags, &rest) != 6)
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
		.linked = has_flag(flags, "linked"),
		.unkept = has_flag(flags, "unkept"),
		.refused = has_flag(flags, "refused"),
		.machine = machine_of(flags),
		.machine_unknown = "the machine of the capture did not know",
	};
	return 0;
}
