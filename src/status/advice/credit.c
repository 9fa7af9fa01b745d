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

#define RUN_SEEDRNG "Run 'seedrng' at boot, and again once the RNG is ready."

/* OpenRC's tools do nothing for a machine that systemd runs. */
static const struct advice_template start_seedrng_ways[] = {
	[SEEDRNG_ABSENT] = ROOT_WAY(RUN_CRNG_SEED),
	[SEEDRNG_PROGRAM] = WAY(TEXT, RUN_SEEDRNG),
	[SEEDRNG_OPENRC] = ROOT_WAY("rc-update add seedrng boot && "
				    "rc-service seedrng restart"),
	[SEEDRNG_OPENRC + 1] = NO_WAY,
};

static size_t start_seedrng(const struct facts *facts, const char *about)
{
	(void)about;
	return facts->seeds.seedrng == SEEDRNG_OPENRC && fact_yes(&facts->systemd)
		       ? SEEDRNG_PROGRAM
		       : facts->seeds.seedrng;
}

/* systemd's service is static, so it is never enabled. */
#define UNIT SEEDS_UNIT

enum { START_SEEDRNG = SEED_SEE_UNIT + 1 };

static const struct advice_template start_keeper_ways[] = {
	[SEED_REMEDY_NONE] = ROOT_WAY(RESTART_SEEDS),
	[SEED_UNMASK] = ROOT_WAY("systemctl unmask " UNIT " && " RESTART_SEEDS),
	[SEED_UNMASK_RUNTIME] = ROOT_WAY("systemctl unmask --runtime " UNIT
					 " && " RESTART_SEEDS),
	[SEED_ADD_WANTS] = ROOT_WAY("systemctl add-wants sysinit.target " UNIT
				    " && " RESTART_SEEDS),
	[SEED_SEE_STATUS] = WAY(TEXT, "Find out why the service did not run: "
				      "systemctl status " UNIT),
	[SEED_SEE_UNIT] = WAY(TEXT, "Find out what the service runs instead: "
				    "systemctl cat " UNIT),
	[START_SEEDRNG + SEEDRNG_ABSENT] = ROOT_WAY(RUN_CRNG_SEED),
	[START_SEEDRNG + SEEDRNG_PROGRAM] = WAY(TEXT, RUN_SEEDRNG),
	[START_SEEDRNG + SEEDRNG_OPENRC] = ROOT_WAY("rc-update add seedrng boot && "
						    "rc-service seedrng restart"),
	[START_SEEDRNG + SEEDRNG_OPENRC + 1] = NO_WAY,
};

static size_t start_keeper(const struct facts *facts, const char *about)
{
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->loads == SEED_LOADS_YES || systemd->remedy)
		return systemd->remedy;
	return START_SEEDRNG + start_seedrng(facts, about);
}

/* A seed that is saved before the RNG is ready gets no mark. */
#define SAVE_MARKED "crng wait && " RESTART_SEEDS

/* Of drop-ins, the last name wins. */
#define DROP_INS "/etc/systemd/system/" SEEDS_UNIT ".d"
#define DROP_IN(lines)                                              \
	"mkdir -p " DROP_INS " && printf \"[Service]\\n" lines      \
	"Environment=SYSTEMD_RANDOM_SEED_CREDIT=1\\n\" > " DROP_INS \
	"/zz-credit.conf && systemctl daemon-reload && " SAVE_MARKED

enum { CREDIT_BY_SEEDRNG = SEED_RESET + 1 };

/* Even if told to credit, systemd only credits a seed that it has marked itself. */
static const struct advice_template make_credited_ways[] = {
	[SEED_CREDIT_REMEDY_NONE] = ROOT_WAY(SAVE_MARKED),
	[SEED_TELL] = ROOT_WAY(DROP_IN("")),
	[SEED_RESET] = ROOT_WAY(DROP_IN("UnsetEnvironment=\\n")),
	[CREDIT_BY_SEEDRNG + SEEDRNG_ABSENT] = ROOT_WAY(RUN_CRNG_SEED),
	[CREDIT_BY_SEEDRNG + SEEDRNG_PROGRAM] = WAY(TEXT, RUN_SEEDRNG),
	[CREDIT_BY_SEEDRNG + SEEDRNG_PROGRAM + 1] = NO_WAY,
};

static size_t make_credited(const struct facts *facts, const char *about)
{
	(void)about;
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->credit == SEED_CREDIT_YES || systemd->credit_remedy)
		return systemd->credit_remedy;
	return CREDIT_BY_SEEDRNG +
	       (facts->seeds.seedrng ? SEEDRNG_PROGRAM : SEEDRNG_ABSENT);
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

const struct advice_rule advice_credit[] = {
	{ .id = "seed-uncredited",
	  .severity = ADVICE_WARNING,
	  .condition = uncredited,
	  .sentence = "There is a seed file, but it is not credited, so it does not make "
		      "the RNG ready.",
	  .explanation =
		  "By default, systemd mixes its seed in without credit (does not count it towards\n"
		  "readiness), because machines that are cloned from one image all start with the\n"
		  "same seed. Have it credited only if the file is this machine's own and is\n"
		  "renewed at every boot. Even then, systemd credits only a seed that it saved and\n"
		  "marked while the RNG was ready, as it does when its service is restarted.\n"
		  "crng seed credits the seeds that it has saved on this machine. To use it\n"
		  "instead, run it at every boot, and again once the RNG is ready.",
	  .ways = make_credited_ways,
	  .choose = make_credited },
	{ .id = "seed-uncreditable",
	  .severity = ADVICE_WARNING,
	  .condition = uncreditable,
	  .sentence =
		  "There is a seed file, but it is only mixed in, so it does not make "
		  "the RNG ready.",
	  .explanation =
		  "Scripts that write a seed to /dev/urandom, such as those of sysvinit and\n"
		  "OpenWrt, cannot credit it (count it towards readiness). crng seed and SeedRNG\n"
		  "can, and credit a seed that was saved while the RNG was ready. A seed that was\n"
		  "saved earlier is in their file seed.no-credit. Make the system run crng seed at\n"
		  "every boot, and again once the RNG is ready. OpenRC and some builds of BusyBox\n"
		  "include SeedRNG.",
	  .ways = start_seedrng_ways,
	  .choose = start_seedrng },
	{ .id = "seed-missing",
	  .severity = ADVICE_INFO,
	  .condition = missing,
	  .sentence =
		  "There is no seed file that a service here would load at boot, so the "
		  "RNG starts from nothing.",
	  .explanation =
		  "A seed file carries entropy from one boot to the next. The systemd service that\n"
		  "keeps it cannot be enabled, because its unit is static. If it has not run, it is\n"
		  "masked, its conditions were not met (as in a container or an initramfs), or /var\n"
		  "could not be mounted. Without systemd, make the system run crng seed at every\n"
		  "boot, and again once the RNG is ready, unless OpenRC runs SeedRNG. Build images\n"
		  "without a seed file, and give every machine its own.",
	  .ways = start_keeper_ways,
	  .choose = start_keeper },
	{ .id = NULL },
};
