/* SPDX-License-Identifier: MIT */
/* Advice on the files that carry a seed from one boot to the next. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "advice.h"

/* The first file that matches is what the advice is about. */
static bool any(const struct facts *facts, char *about,
		bool (*matches)(const struct seed_file *file, const struct facts *facts))
{
	if (facts->seeds.unknown || advice_contained(facts))
		return false;
	for (size_t i = 0; i < facts->seeds.count; i++) {
		const struct seed_file *file = &facts->seeds.list[i];

		if (file->unknown || !matches(file, facts))
			continue;
		snprintf(about, ADVICE_ABOUT_MAX, "%s", file->path);
		return true;
	}
	return false;
}

static bool on_esp(const struct seed_file *file)
{
	return strcmp(file->system, "systemd-boot") == 0;
}

static bool missing(const struct facts *facts, char *about)
{
	(void)about;
	return !facts->seeds.unknown && facts->seeds.count == 0 &&
	       !advice_contained(facts);
}

static bool is_systemd(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return strcmp(file->system, "systemd") == 0;
}

static bool is_other(const struct seed_file *file, const struct facts *facts)
{
	return !is_systemd(file, facts);
}

/* Not one of the files is credited, or may be. */
static bool none_credited(const struct facts *facts)
{
	for (size_t i = 0; i < facts->seeds.count; i++)
		if (facts->seeds.list[i].credit != SEED_CREDIT_NO)
			return false;
	return advice_troubled(facts);
}

static bool uncredited(const struct facts *facts, char *about)
{
	return none_credited(facts) && any(facts, about, is_systemd);
}

static bool uncreditable(const struct facts *facts, char *about)
{
	return none_credited(facts) && !any(facts, about, is_systemd) &&
	       any(facts, about, is_other);
}

static bool is_readable(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return (file->mode & S_IROTH) && !on_esp(file);
}

static bool readable(const struct facts *facts, char *about)
{
	return any(facts, about, is_readable);
}

static bool is_readable_on_esp(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return (file->mode & S_IROTH) && on_esp(file);
}

static bool readable_on_esp(const struct facts *facts, char *about)
{
	return any(facts, about, is_readable_on_esp);
}

static bool is_stale(const struct seed_file *file, const struct facts *facts)
{
	return !facts->boot_before_last.unknown &&
	       file->modified < (int64_t)facts->boot_before_last.number;
}

static bool stale(const struct facts *facts, char *about)
{
	return any(facts, about, is_stale);
}

static bool is_small(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->size < SEED_BYTES_MIN;
}

static bool too_small(const struct facts *facts, char *about)
{
	return any(facts, about, is_small);
}

static bool is_read_only(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->read_only;
}

static bool read_only(const struct facts *facts, char *about)
{
	return any(facts, about, is_read_only);
}

static bool is_volatile(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->is_volatile;
}

static bool on_volatile(const struct facts *facts, char *about)
{
	return any(facts, about, is_volatile);
}

const struct advice_rule advice_seeds[] = {
	{ "seed-world-readable", ADVICE_WARNING, readable,
	  "Everybody can read the seed file, and so knows a part of the next boot's seed.",
	  "chmod 600 @",
	  "Whoever reads the seed and knows the other sources can compute what the RNG\n"
	  "gives after the next boot. The file must be readable by its owner only." },
	{ "esp-world-readable", ADVICE_WARNING, readable_on_esp,
	  "Everybody can read the boot loader's seed file.",
	  "mount the EFI system partition with umask=0077",
	  "The partition's file system has no modes: those of all files come from the mount\n"
	  "options in /etc/fstab or the mount unit." },
	{ "seed-uncredited", ADVICE_WARNING, uncredited,
	  "There is a seed file, but it is not credited: it does not make the RNG ready.",
	  "systemctl edit systemd-random-seed.service "
	  "# [Service] Environment=SYSTEMD_RANDOM_SEED_CREDIT=1",
	  "A seed that is only mixed in never makes the RNG ready, and that is the default\n"
	  "of systemd: an image that is cloned would start all its machines with one seed.\n"
	  "Credit it only where the file is this machine's own and is renewed at each boot.\n"
	  "Even then only what systemd saved and marked when the RNG was ready\n"
	  "counts." },
	{ "seed-uncreditable", ADVICE_WARNING, uncreditable,
	  "There is a seed file that is only mixed in: it does not make the RNG ready.",
	  "seedrng  # at boot, and again once the RNG is ready",
	  "Scripts that write a seed to /dev/urandom, as in sysvinit and OpenWrt, cannot\n"
	  "credit it. SeedRNG (also in BusyBox and OpenRC) can, and credits what was saved\n"
	  "when the RNG was ready: a seed.no-credit was saved before." },
	{ "seed-stale", ADVICE_WARNING, stale,
	  "The seed file is older than the boot before the last one: nothing renews it.",
	  "let the service that saves @ run at boot and at shutdown",
	  "A seed must not be used twice. Whoever loads it is to write a new one at once; a\n"
	  "file that survived two boots was loaded twice, or is not loaded at all." },
	{ "seed-too-small", ADVICE_WARNING, too_small,
	  "The seed file holds less than the 256 bits that the RNG needs.",
	  "rm @, and let its service write a new one",
	  "The RNG needs 256 bits, 32 bytes (128 bits before Linux 5.18). An empty or short\n"
	  "file is mostly that of a machine that lost power while it was written." },
	{ "seed-read-only", ADVICE_WARNING, read_only,
	  "The seed file is on a file system mounted read-only: it cannot be renewed.",
	  "keep the seed where it can be written",
	  "A seed that cannot be removed before it is used would be used again at the next\n"
	  "boot, so SeedRNG refuses it and systemd does not credit it." },
	{ "seed-volatile", ADVICE_WARNING, on_volatile,
	  "The seed file is in memory: it is gone at the next boot.",
	  "keep the seed on a disk",
	  "A file on tmpfs or ramfs does not survive a boot, so it seeds nothing." },
	{ "seed-missing", ADVICE_INFO, missing,
	  "No seed file was found where the usual services keep one.",
	  "systemctl enable systemd-random-seed.service, or seedrng",
	  "A seed file brings what was gathered before into the next boot. Without one the\n"
	  "RNG starts from nothing each time. Images are to be made without one, machines\n"
	  "are not." },
	{ NULL, ADVICE_INFO, NULL, NULL, NULL, NULL },
};
