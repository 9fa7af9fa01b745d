/* SPDX-License-Identifier: MIT */
/*
 * Advice on what the CPU, the boot loader and daemons contribute, and what it counts for.
 */
#include "status/advice/condition.h"
#include "status/advice/rules.h"

static bool distrusted_cpu(const struct facts *facts, char *about)
{
	if (facts->cpu_rng.unknown || fact_is(&facts->cpu_rng, "none") ||
	    !fact_no(&facts->cpu_trusted) || !facts_have_trust_cpu(facts) ||
	    !fact_yes(&facts->needs_help))
		return false;
	condition_about(about, facts->cpu_trust_why.text);
	return true;
}

/*
 * The switch came in 5.18 and, with the 256-bit pool, in stable trees. It has no effect
 * on a seed in a device tree: the kernel takes that when it first reads the tree, before
 * its command line (drivers/of/fdt.c, early_init_dt_scan_chosen()).
 */
static bool distrusted_bootloader(const struct facts *facts, char *about)
{
	(void)about;
	return fact_yes(&facts->needs_help) && facts_have_rewrite(facts) &&
	       fact_yes(&facts->efi) &&
	       (fact_is(&facts->trust_bootloader, "off") ||
		(facts->trust_bootloader.unknown &&
		 fact_is(&facts->config_trust_bootloader, "n")));
}

static bool no_cycle_counter(const struct facts *facts, char *about)
{
	(void)about;
	return timeline_has(&facts->timeline, TIMELINE_NO_CYCLE_COUNTER);
}

static bool unreliable_cpu(const struct facts *facts, char *about)
{
	(void)about;
	return timeline_has(&facts->timeline, TIMELINE_CPU_UNRELIABLE);
}

static bool pointless_daemon(const struct facts *facts, char *about)
{
	const struct fact_text *units = &facts->daemons_useless;

	if (units->unknown || fact_is(units, "none"))
		return false;
	condition_about(about, units->text);
	return true;
}

static const struct advice_template stop_daemon_ways[] = {
	ROOT_WAY("systemctl disable --now @..."),
	WAY(TEXT, "Stop @, and do not start it at boot."),
	NO_WAY,
};

static size_t stop_daemon(const struct facts *facts, const char *about)
{
	(void)about;
	return fact_yes(&facts->systemd) ? 0 : 1;
}

const struct advice_rule advice_trust[] = {
	{ .id = "trust-cpu",
	  .severity = ADVICE_WARNING,
	  .condition = distrusted_cpu,
	  .sentence =
		  "The CPU has an RNG instruction, but the kernel does not credit its "
		  "output.",
	  .explanation =
		  "With this argument on the kernel's command line, the kernel credits the output\n"
		  "(counts it towards readiness), and the RNG is ready before the first process\n"
		  "starts. It means trusting that the maker of the CPU has built in no back door.\n"
		  "The kernel mixes in all other sources in any case.",
	  .ways = ONE(WAY(KERNEL_ARGUMENT, "random.trust_cpu=on")) },
	{ .id = "trust-bootloader",
	  .severity = ADVICE_WARNING,
	  .condition = distrusted_bootloader,
	  .sentence = "EFI may pass a seed to the kernel, but the kernel does not credit "
		      "it.",
	  .explanation =
		  "EFI can pass on a seed of its own or of a boot loader. With this argument on the\n"
		  "kernel's command line (since 5.18), the kernel credits that seed (counts it\n"
		  "towards readiness). Whether there was a seed cannot be seen afterwards, because\n"
		  "the kernel wipes it. The argument has no effect on a seed in a device tree: the\n"
		  "kernel takes that before it reads its command line, and its configuration\n"
		  "decides whether the seed is credited.",
	  .ways = ONE(WAY(KERNEL_ARGUMENT, "random.trust_bootloader=on")) },
	{ .id = "no-cycle-counter",
	  .severity = ADVICE_WARNING,
	  .condition = no_cycle_counter,
	  .sentence = "This machine has no cycle counter, so the kernel cannot gather "
		      "entropy from jitter.",
	  .explanation =
		  "The kernel logged that it has neither a cycle counter nor another fast timer. A\n"
		  "blocking getrandom() then only waits for interrupts, which may take minutes.\n"
		  "Only a hardware generator, a seed from the boot loader or a credited seed file\n"
		  "helps.",
	  .ways = ONE(
		  WAY(TEXT, "Provide a hardware generator or a credited seed file.")) },
	{ .id = "cpu-rng-unreliable",
	  .severity = ADVICE_WARNING,
	  .condition = unreliable_cpu,
	  .sentence = "The CPU's RNG instruction failed its test at boot, and the kernel "
		      "has switched it off.",
	  .explanation =
		  "Some CPUs return constant values, either always or after a resume, until their\n"
		  "microcode is updated. The kernel tests for that.",
	  .ways = ONE(WAY(TEXT, "Update the microcode or the firmware.")) },
	{ .id = "pointless-daemon",
	  .severity = ADVICE_INFO,
	  .condition = pointless_daemon,
	  .sentence = "An entropy daemon is running that does nothing useful on this "
		      "kernel.",
	  .explanation =
		  "The kernel gathers entropy by itself (since Linux 5.4) and, once ready, never\n"
		  "runs out of it (since 5.6). haveged, jitterentropy-rngd and similar daemons\n"
		  "repeat that work. rngd repeats the work of the hw_random core, which has\n"
		  "credited every device since Linux 6.2.",
	  .ways = stop_daemon_ways,
	  .example = "haveged.service",
	  .choose = stop_daemon },
	{ .id = NULL },
};
