/* SPDX-License-Identifier: MIT */
/* Advice on the files that carry a seed from one boot to the next. */
#include <string.h>
#include <sys/stat.h>

#include "status/advice/condition.h"
#include "status/advice/rules.h"

static bool on_esp(const struct seed_file *file)
{
	return strcmp(file->system, "systemd-boot") == 0;
}

static bool is_stale(const struct seed_file *file, const struct facts *facts)
{
	return !facts->boot_before_last.unknown &&
	       file->modified < (int64_t)facts->boot_before_last.number;
}

/* Never replaced and yet credited: systemd ignores that it cannot remove the mark. */
static bool is_reused(const struct seed_file *file, const struct facts *facts)
{
	return strcmp(file->system, "systemd") == 0 && file->credit == SEED_CREDIT_YES &&
	       (file->read_only || is_stale(file, facts));
}

static bool reused(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_reused);
}

static bool is_readable(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return (file->mode & S_IROTH) && !on_esp(file);
}

static bool readable(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_readable);
}

static bool is_readable_on_esp(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return (file->mode & S_IROTH) && on_esp(file);
}

static bool readable_on_esp(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_readable_on_esp);
}

static bool stale(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_stale);
}

static bool is_small(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->size < SEED_BYTES_MIN;
}

static bool too_small(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_small);
}

static bool is_read_only(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->read_only;
}

static bool read_only(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_read_only);
}

static bool is_volatile(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->is_volatile;
}

static bool on_volatile(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_volatile);
}

const struct advice_rule advice_seeds[] = {
	{ "seed-reused",
	  ADVICE_WARNING,
	  reused,
	  "The same seed is credited at each boot: it is never replaced.",
	  { ADVICE_TEXT,
	    "mount the file system of @ read-write before systemd-random-seed.service" },
	  "systemd takes the mark off a seed before it is used, but credits it all the\n"
	  "same where that fails, as on a read-only file system: each boot is then called\n"
	  "ready by a seed that was used before. Whoever has a copy of it, as all\n"
	  "machines that were made from one image have, may know what the RNG gives.\n"
	  "Where the file system must be read-only, do not set\n"
	  "SYSTEMD_RANDOM_SEED_CREDIT." },
	{ "seed-world-readable",
	  ADVICE_WARNING,
	  readable,
	  "Everybody can read the seed file, and so knows a part of the next boot's seed.",
	  { ADVICE_SHELL, "chmod 600 @" },
	  "Whoever reads the seed and knows the other sources can compute what the RNG\n"
	  "gives after the next boot. The file must be readable by its owner only." },
	{ "esp-world-readable",
	  ADVICE_WARNING,
	  readable_on_esp,
	  "Everybody can read the boot loader's seed file.",
	  { ADVICE_TEXT, "mount the EFI system partition with umask=0077" },
	  "The partition's file system has no modes: those of all files come from the mount\n"
	  "options in /etc/fstab or the mount unit." },
	{ "seed-stale",
	  ADVICE_WARNING,
	  stale,
	  "The seed file is older than the boot before the last one: nothing renews it.",
	  { ADVICE_TEXT, "let the service that saves @ run at boot and at shutdown" },
	  "A seed must not be used twice. Whoever loads it is to write a new one at once; a\n"
	  "file that survived two boots was loaded twice, or is not loaded at all." },
	{ "seed-too-small",
	  ADVICE_WARNING,
	  too_small,
	  "The seed file holds less than the 256 bits that the RNG needs.",
	  { ADVICE_TEXT, "rm @, and let its service write a new one" },
	  "The RNG needs 256 bits, 32 bytes (128 bits before Linux 5.18). An empty or short\n"
	  "file is mostly that of a machine that lost power while it was written." },
	{ "seed-read-only",
	  ADVICE_WARNING,
	  read_only,
	  "The seed file is on a file system mounted read-only: it cannot be renewed.",
	  { ADVICE_TEXT, "keep the seed where it can be written" },
	  "A seed that cannot be removed before it is used is used again at the next\n"
	  "boot. SeedRNG refuses such a seed. systemd credits it at each boot anew, if it\n"
	  "is marked and systemd is told to credit; see seed-reused." },
	{ "seed-volatile",
	  ADVICE_WARNING,
	  on_volatile,
	  "The seed file is in memory: it is gone at the next boot.",
	  { ADVICE_TEXT, "keep the seed on a disk" },
	  "A file on tmpfs or ramfs does not survive a boot, so it seeds nothing." },
	{ NULL, ADVICE_INFO, NULL, NULL, { ADVICE_TEXT, NULL }, NULL },
};
