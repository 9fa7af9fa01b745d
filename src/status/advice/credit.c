/* SPDX-License-Identifier: MIT */
/* Advice where no seed makes the RNG ready, because there is none or none is credited. */
#include <string.h>

#include "status/advice/condition.h"
#include "status/advice/rules.h"

/* In what may be a container, a seed that is not seen may still exist. */
static bool missing(const struct facts *facts, char *about)
{
	const struct seeds *seeds = &facts->seeds;

	if (seeds->unknown || !fact_is(&facts->container, "none"))
		return false;
	for (size_t i = 0; i < seeds->count; i++)
		if (!seeds->list[i].orphan)
			return false;
	if (seeds->systemd.loads == SEED_LOADS_NO || seeds->systemd.remedy)
		condition_about(about, seeds->systemd.why);
	return true;
}

static struct advice_template shell(const char *text)
{
	return (struct advice_template){ ADVICE_SHELL, text };
}

static struct advice_template start_seedrng(const struct facts *facts)
{
	if (facts->seeds.seedrng)
		return shell(facts->seeds.seedrng);
	return (struct advice_template){
		ADVICE_TEXT,
		"install https://git.zx2c4.com/seedrng to run at boot and shutdown",
	};
}

/* Its service is static, so it cannot be enabled; what it lacks differs. */
static struct advice_template start_keeper(const struct facts *facts)
{
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->loads == SEED_LOADS_YES)
		return shell("systemctl restart " SEEDS_UNIT);
	return systemd->remedy ? shell(systemd->remedy) : start_seedrng(facts);
}

/* Even if told to credit, systemd only credits a seed that it has marked itself. */
static struct advice_template make_credited(const struct facts *facts)
{
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->credit == SEED_CREDIT_YES)
		return shell("systemctl restart " SEEDS_UNIT);
	return systemd->credit_remedy ? shell(systemd->credit_remedy)
				      : start_seedrng(facts);
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

/* Is no file credited, nor possibly credited? */
static bool none_credited(const struct facts *facts)
{
	for (size_t i = 0; i < facts->seeds.count; i++)
		if (facts->seeds.list[i].credit != SEED_CREDIT_NO)
			return false;
	return fact_yes(&facts->needs_help);
}

static bool uncredited(const struct facts *facts, char *about)
{
	return none_credited(facts) && condition_any_seed(facts, about, is_systemd);
}

static bool uncreditable(const struct facts *facts, char *about)
{
	return none_credited(facts) && !condition_any_seed(facts, about, is_systemd) &&
	       condition_any_seed(facts, about, is_other);
}

const struct advice_choice advice_choices[] = {
	{ "seed-missing", start_keeper },
	{ "seed-uncredited", make_credited },
	{ "seed-uncreditable", start_seedrng },
	{ NULL, NULL },
};

const struct advice_rule advice_credit[] = {
	{ "seed-uncredited",
	  ADVICE_WARNING,
	  uncredited,
	  "There is a seed file, but it is not credited: it does not make the RNG ready.",
	  { ADVICE_TEXT, "systemctl edit systemd-random-seed.service "
			 "# [Service] Environment=SYSTEMD_RANDOM_SEED_CREDIT=1" },
	  "A seed that is only mixed in never makes the RNG ready, and that is the default\n"
	  "of systemd: an image that is cloned would start all its machines with one seed.\n"
	  "Credit it only where the file is this machine's own and is renewed at each boot.\n"
	  "Even then only what systemd saved and marked when the RNG was ready\n"
	  "counts." },
	{ "seed-uncreditable",
	  ADVICE_WARNING,
	  uncreditable,
	  "There is a seed file that is only mixed in: it does not make the RNG ready.",
	  { ADVICE_TEXT, "run SeedRNG at boot, and again once the RNG is ready" },
	  "Scripts that write a seed to /dev/urandom, as in sysvinit and OpenWrt, cannot\n"
	  "credit it. SeedRNG can, and credits what was saved when the RNG was ready: a\n"
	  "seed.no-credit was saved before. OpenRC and some builds of BusyBox have it." },
	{ "seed-missing",
	  ADVICE_INFO,
	  missing,
	  "No seed file was found that a service here would load at boot.",
	  { ADVICE_TEXT, "systemctl status systemd-random-seed.service" },
	  "A seed file brings what was gathered before into the next boot. Without one\n"
	  "the RNG starts from nothing each time. systemd's service needs no enabling: it\n"
	  "is static. Where it has not run it is masked, or its conditions were not met\n"
	  "(it does not run in a container or an initrd), or /var could not be mounted:\n"
	  "its status tells. Without systemd, run SeedRNG. Build images without a seed;\n"
	  "give every machine its own." },
	{ NULL, ADVICE_INFO, NULL, NULL, { ADVICE_TEXT, NULL }, NULL },
};
