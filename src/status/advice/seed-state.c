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

/* Where credit depends on the machine: crng mixes the other seeds in without credit. */
static bool is_of_other_machine(const struct seed_file *file, const struct facts *facts)
{
	(void)facts;
	return file->machine == SEED_MACHINE_OTHER &&
	       seeds_place(file->path)->credit == SEED_CREDIT_YES;
}

static bool of_other_machine(const struct facts *facts, char *about)
{
	return condition_any_seed(facts, about, is_of_other_machine);
}

#define MOUNT "Mount the file system of @ read-write, at least during boot and shutdown."
#define RUN_KEEPER "Make the service that keeps @ run at boot and at shutdown."
#define MOUNT_AND_HIDE                                                     \
	"Mount the file system of @ read-write, and let only the owner of" \
	" the file read it."

/* The second of two ways is for a file system that is read-only. */
static size_t on_read_only(const struct facts *facts, const char *about)
{
	return condition_seed(facts, about)->read_only;
}

static const struct advice_template replace_ways[] = {
	ROOT_WAY(RESTART_SEEDS),
	WAY(TEXT, MOUNT),
	NO_WAY,
};

enum { HIDE, HIDE_READ_ONLY, SAVE_ANOTHER };

static const struct advice_template hide_ways[] = {
	[HIDE] = ROOT_WAY("chmod 600 @"),
	[HIDE_READ_ONLY] = WAY(TEXT, MOUNT_AND_HIDE),
	[SAVE_ANOTHER] = ROOT_WAY(RUN_CRNG_SEED),
	[SAVE_ANOTHER + 1] = NO_WAY,
};

/* A seed that others could read must not earn credit once it is hidden: replace it. */
static size_t hide(const struct facts *facts, const char *about)
{
	const struct seed_file *file = condition_seed(facts, about);

	if (file->read_only)
		return HIDE_READ_ONLY;
	return facts->seeds.crng && strcmp(file->system, "SeedRNG") == 0 ? SAVE_ANOTHER
									 : HIDE;
}

static const struct advice_template rebind_ways[] = {
	ROOT_WAY(RUN_CRNG_SEED),
	WAY(TEXT, MOUNT),
	NO_WAY,
};

enum { RESTART, OTHERWISE, READ_ONLY };

/* systemd replaces its seed when its service is restarted. */
static size_t choose_renewal(const struct facts *facts, const char *about)
{
	const struct seed_file *file = condition_seed(facts, about);

	if (file->read_only)
		return READ_ONLY;
	return fact_yes(&facts->systemd) && strcmp(file->system, "systemd") == 0 &&
			       facts->seeds.systemd.loads == SEED_LOADS_YES
		       ? RESTART
		       : OTHERWISE;
}

static const struct advice_template renew_ways[] = {
	[RESTART] = ROOT_WAY(RESTART_SEEDS),
	[OTHERWISE] = WAY(TEXT, RUN_KEEPER),
	[READ_ONLY] = WAY(TEXT, MOUNT),
	[READ_ONLY + 1] = NO_WAY,
};

static const struct advice_template refill_ways[] = {
	[RESTART] = ROOT_WAY(RESTART_SEEDS),
	[OTHERWISE] = ROOT_WAY("crng bytes --force -o @ 512"),
	[READ_ONLY] = WAY(TEXT, MOUNT),
	[READ_ONLY + 1] = NO_WAY,
};

const struct advice_rule advice_seeds[] = {
	{ .id = "seed-reused",
	  .severity = ADVICE_WARNING,
	  .condition = reused,
	  .sentence = "The same seed is credited at every boot, because nothing replaces "
		      "it.",
	  .explanation =
		  "Before systemd uses a seed, it removes the mark that makes the seed creditable,\n"
		  "but it credits the seed (counts it towards readiness) even if that fails, as on\n"
		  "a read-only file system. The RNG then becomes ready from a seed that was used\n"
		  "before, and anyone with a copy of it may know what the RNG returns: for example,\n"
		  "everyone who has the same image. If the file system has to stay read-only, do\n"
		  "not set SYSTEMD_RANDOM_SEED_CREDIT.",
	  .ways = replace_ways,
	  .example = "/var/lib/systemd/random-seed",
	  .choose = on_read_only },
	{ .id = "seed-other-machine",
	  .severity = ADVICE_WARNING,
	  .condition = of_other_machine,
	  .sentence = "The seed was made on another machine, so crng seed mixes it in "
		      "without credit.",
	  .explanation =
		  "All machines that start from one image have the seed of that image, and anyone\n"
		  "with a copy of it may know what their RNGs return. So crng seed records in\n"
		  "seed.machine which machine made the seed, and does not credit it (count it\n"
		  "towards readiness) on any other. SeedRNG ignores that file. Once the RNG is\n"
		  "ready, crng seed saves a seed of this machine. Build images without a seed:\n"
		  "crng seed --purge removes it.",
	  .ways = rebind_ways,
	  .example = "/var/lib/seedrng/seed.credit",
	  .choose = on_read_only },
	{ .id = "seed-world-readable",
	  .severity = ADVICE_WARNING,
	  .condition = readable,
	  .sentence = "Everyone can read the seed file, and so knows part of the next "
		      "boot's seed.",
	  .explanation =
		  "A user who knows the seed and the other sources can compute what the RNG returns\n"
		  "after the next boot. Only the owner of the file should be able to read it. In\n"
		  "the directory of SeedRNG, crng seed replaces the seed with one that nobody has\n"
		  "read.",
	  .ways = hide_ways,
	  .example = "/var/lib/systemd/random-seed",
	  .choose = hide },
	{ .id = "esp-world-readable",
	  .severity = ADVICE_WARNING,
	  .condition = readable_on_esp,
	  .sentence = "Everyone can read the boot loader's seed file, and so knows part "
		      "of the next boot's seed.",
	  .explanation =
		  "The EFI system partition stores no file modes: the mount options, in /etc/fstab\n"
		  "or in a mount unit, set the mode of all its files.",
	  .ways = ONE(WAY(CONFIG,
			  "umask=0077 among the mount options of the file system of @")),
	  .example = "/boot/efi/loader/random-seed" },
	{ .id = "seed-stale",
	  .severity = ADVICE_WARNING,
	  .condition = stale,
	  .sentence = "The seed file is older than the previous two boots, so "
		      "nothing renews it.",
	  .explanation =
		  "A seed must not be used twice, so the service that loads it has to write a new\n"
		  "one right away. A file older than the previous two boots was either used\n"
		  "twice or is not used at all.",
	  .ways = renew_ways,
	  .example = "/var/lib/systemd/random-seed",
	  .choose = choose_renewal },
	{ .id = "seed-too-small",
	  .severity = ADVICE_WARNING,
	  .condition = too_small,
	  .sentence = "The seed file holds less than the 256 bits that the RNG needs.",
	  .explanation =
		  "The RNG needs 256 bits, which are 32 bytes (128 bits before Linux 5.18). An\n"
		  "empty or short file is usually left by a machine that lost power while writing\n"
		  "it.",
	  .ways = refill_ways,
	  .example = "/var/lib/systemd/random-seed",
	  .choose = choose_renewal },
	{ .id = "seed-read-only",
	  .severity = ADVICE_WARNING,
	  .condition = read_only,
	  .sentence = "The seed file is on a read-only file system, so nothing can renew "
		      "it.",
	  .explanation =
		  "A seed that cannot be removed before use is used again at the next boot.\n"
		  "SeedRNG refuses such a seed, and crng seed does not credit it. systemd credits\n"
		  "it at every boot if it is marked and systemd is told to credit it; see\n"
		  "seed-reused.",
	  .ways = ONE(WAY(TEXT, MOUNT)),
	  .example = "/var/lib/systemd/random-seed" },
	{ .id = "seed-volatile",
	  .severity = ADVICE_WARNING,
	  .condition = on_volatile,
	  .sentence = "The seed file is on a file system in memory, so it is lost at the "
		      "next boot.",
	  .explanation =
		  "A file on tmpfs or ramfs does not survive a reboot, so it seeds nothing.",
	  .ways = ONE(WAY(TEXT, "Keep the seed file on a disk.")) },
	{ .id = NULL },
};
