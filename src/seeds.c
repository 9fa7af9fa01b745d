/* SPDX-License-Identifier: MIT */
/* What is known about the keepers of seed files, and the lines of a captured tree. */
#include "seeds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ESP_WHY \
	"by the kernel, where it trusts the boot loader; without a system token never"
#define NAMED "its name says so"
#define MIXED "it is mixed in, never credited"

/* clang-format off */
const struct seed_place seed_places[] = {
	{ "systemd", "/var/lib/systemd/random-seed", NULL, SEED_CREDIT_NO },
	{ "SeedRNG", "/var/lib/seedrng/seed.credit", NAMED, SEED_CREDIT_YES },
	{ "SeedRNG", "/var/lib/seedrng/seed.no-credit", NAMED, SEED_CREDIT_NO },
	{ "sysvinit", "/var/lib/urandom/random-seed", MIXED, SEED_CREDIT_NO },
	{ "Void", "/var/lib/random-seed", MIXED, SEED_CREDIT_NO },
	{ "OpenWrt", "/etc/urandom.seed", MIXED, SEED_CREDIT_NO },
	{ "OpenRC", "/var/lib/misc/random-seed", MIXED, SEED_CREDIT_NO },
	{ "Slackware", "/etc/random-seed", MIXED, SEED_CREDIT_NO },
	{ "s6", "/var/lib/rngseed/seed", NULL, SEED_CREDIT_NO },
	{ "systemd-boot", "/efi/loader/random-seed", ESP_WHY, SEED_CREDIT_UNKNOWN },
	{ "systemd-boot", "/boot/loader/random-seed", ESP_WHY, SEED_CREDIT_UNKNOWN },
	{ "systemd-boot", "/boot/efi/loader/random-seed", ESP_WHY, SEED_CREDIT_UNKNOWN },
	{ NULL, NULL, NULL, SEED_CREDIT_NO },
};
/* clang-format on */

static void credit(struct seed_file *file, enum seed_credit yes, const char *why)
{
	file->credit = yes;
	file->credit_why = why;
}

static void credit_systemd(struct seed_file *file, enum seed_credit systemd)
{
	if (systemd == SEED_CREDIT_UNKNOWN)
		credit(file, SEED_CREDIT_UNKNOWN,
		       "what systemd is told of it cannot be made out");
	else if (systemd == SEED_CREDIT_NO)
		credit(file, SEED_CREDIT_NO,
		       "systemd is not told to: SYSTEMD_RANDOM_SEED_CREDIT=1");
	else if (file->mark_hidden)
		credit(file, SEED_CREDIT_UNKNOWN, "its mark cannot be read");
	else if (file->marked)
		credit(file, SEED_CREDIT_YES,
		       "marked creditable, and systemd is told to");
	else
		credit(file, SEED_CREDIT_NO, "it is not marked creditable");
}

/* s6 rngseed marks a creditable seed by taking away its owner's write permission. */
static void credit_s6(struct seed_file *file)
{
	if (file->mode & S_IWUSR)
		credit(file, SEED_CREDIT_NO, "writable: not marked creditable");
	else
		credit(file, SEED_CREDIT_YES, "read-only: marked creditable");
}

void seeds_credit(struct seed_file *file, const struct seed_place *place,
		  enum seed_credit systemd)
{
	if (strcmp(place->system, "systemd") == 0)
		credit_systemd(file, systemd);
	else if (strcmp(place->system, "s6") == 0)
		credit_s6(file);
	else
		credit(file, place->credit, place->credit_why);
}

static const struct seed_place *place_of(const char *path)
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

int seeds_parse_line(const char *line, struct seed_file *file,
		     const struct seed_place **place)
{
	char path[128], flags[64], rest;
	unsigned long long size;
	unsigned int mode, uid;
	long long modified;

	if (sscanf(line, "%127s %18llu %6o %10u %18lld %63s %c", path, &size, &mode, &uid,
		   &modified, flags, &rest) != 6)
		return -EINVAL;
	*place = place_of(path);
	*file = (struct seed_file){
		.system = *place ? (*place)->system : NULL,
		.path = *place ? (*place)->path : NULL,
		.size = size,
		.mode = mode & 07777,
		.uid = uid,
		.modified = modified,
		.marked = has_flag(flags, "creditable"),
		.mark_hidden = has_flag(flags, "hidden"),
		.read_only = has_flag(flags, "ro"),
		.is_volatile = has_flag(flags, "volatile"),
	};
	return 0;
}
