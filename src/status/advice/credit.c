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
#define INSTALL                                                                \
	"Install SeedRNG (https://git.zx2c4.com/seedrng), and run it at boot " \
	"and again once the RNG is ready."

/* The service is static, so it cannot be enabled. */
#define UNMASK "systemctl unmask " SEEDS_UNIT " && " RESTART_SEEDS
#define UNMASK_RUNTIME "systemctl unmask --runtime " SEEDS_UNIT " && " RESTART_SEEDS
#define ADD_WANTS "systemctl add-wants sysinit.target " SEEDS_UNIT " && " RESTART_SEEDS

/* Files of later names override; a seed that is saved before readiness has no mark. */
#define DROP_INS "/etc/systemd/system/" SEEDS_UNIT ".d"
#define SAVE_MARKED "crng wait && " RESTART_SEEDS
#define DROP_IN(lines)                                              \
	"mkdir -p " DROP_INS " && printf \"[Service]\\n" lines      \
	"Environment=SYSTEMD_RANDOM_SEED_CREDIT=1\\n\" > " DROP_INS \
	"/zz-credit.conf && systemctl daemon-reload && " SAVE_MARKED
#define TELL DROP_IN("")
#define RESET DROP_IN("UnsetEnvironment=\\n")

static struct advice_template start_seedrng(const struct facts *facts, const char *about)
{
	static const struct advice_template ways[] = {
		[SEEDRNG_ABSENT] = { ADVICE_TEXT, .text = INSTALL },
		[SEEDRNG_PROGRAM] = { ADVICE_TEXT, .text = RUN_SEEDRNG },
		[SEEDRNG_OPENRC] = { ADVICE_SHELL,
				     .text = "rc-update add seedrng boot && "
					     "rc-service seedrng restart",
				     .root = true },
	};

	(void)about;
	return ways[facts->seeds.seedrng];
}

static const struct advice_template remedies[] = {
	[SEED_UNMASK] = { ADVICE_SHELL, .text = UNMASK, .root = true },
	[SEED_UNMASK_RUNTIME] = { ADVICE_SHELL, .text = UNMASK_RUNTIME, .root = true },
	[SEED_ADD_WANTS] = { ADVICE_SHELL, .text = ADD_WANTS, .root = true },
	[SEED_SEE_STATUS] = { ADVICE_TEXT,
			      .text = "Find out why the service did not run: "
				      "systemctl status " SEEDS_UNIT },
	[SEED_SEE_UNIT] = { ADVICE_TEXT,
			    .text = "Find out what the service runs instead: "
				    "systemctl cat " SEEDS_UNIT },
	[SEED_TELL] = { ADVICE_SHELL, .text = TELL, .root = true },
	[SEED_RESET] = { ADVICE_SHELL, .text = RESET, .root = true },
};

static struct advice_template start_keeper(const struct facts *facts, const char *about)
{
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->loads == SEED_LOADS_YES)
		return (struct advice_template){ ADVICE_SHELL, .text = RESTART_SEEDS,
						 .root = true };
	return systemd->remedy ? remedies[systemd->remedy] : start_seedrng(facts, about);
}

/* Even if told to credit, systemd only credits a seed that it has marked itself. */
static struct advice_template make_credited(const struct facts *facts, const char *about)
{
	const struct seed_service *systemd = &facts->seeds.systemd;

	if (systemd->credit == SEED_CREDIT_YES)
		return (struct advice_template){ ADVICE_SHELL, .text = SAVE_MARKED,
						 .root = true };
	return systemd->credit_remedy ? remedies[systemd->credit_remedy]
				      : start_seedrng(facts, about);
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
		  "By default, systemd mixes its seed in without credit, because machines that are\n"
		  "cloned from one image all start with the same seed. Have it credited only if the\n"
		  "file is this machine's own and is renewed at every boot. Even then, systemd\n"
		  "credits only a seed that it saved and marked while the RNG was ready, as it does\n"
		  "when its service is restarted.",
	  .action = { ADVICE_SHELL, TELL, .root = true },
	  .choose = make_credited },
	{ .id = "seed-uncreditable",
	  .severity = ADVICE_WARNING,
	  .condition = uncreditable,
	  .sentence =
		  "There is a seed file, but it is only mixed in, so it does not make "
		  "the RNG ready.",
	  .explanation =
		  "Scripts that write a seed to /dev/urandom, such as those of sysvinit and\n"
		  "OpenWrt, cannot credit it. SeedRNG can, and credits a seed that was saved while\n"
		  "the RNG was ready; its seed.no-credit was saved before that. OpenRC and some\n"
		  "builds of BusyBox include SeedRNG.",
	  .action = { ADVICE_TEXT, INSTALL },
	  .choose = start_seedrng },
	{ .id = "seed-missing",
	  .severity = ADVICE_INFO,
	  .condition = missing,
	  .sentence =
		  "There is no seed file that a service here would load at boot, so the "
		  "RNG starts from nothing.",
	  .explanation =
		  "A seed file carries entropy from one boot to the next. The service of systemd\n"
		  "that keeps it cannot be enabled, because its unit is static: if it has not run,\n"
		  "it is masked, its conditions were not met (as in a container or an initramfs),\n"
		  "or /var could not be mounted. Without systemd, run SeedRNG. Build images without\n"
		  "a seed file, and give every machine its own.",
	  .action = { ADVICE_SHELL, UNMASK, .root = true },
	  .choose = start_keeper },
	{ .id = NULL },
};
