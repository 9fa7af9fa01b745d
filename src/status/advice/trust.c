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

const struct advice_rule advice_trust[] = {
	{ "trust-cpu",
	  ADVICE_WARNING,
	  distrusted_cpu,
	  "The CPU has an RNG instruction, but the kernel does not credit what it gives.",
	  { ADVICE_KERNEL_ARGUMENT, "random.trust_cpu=on" },
	  "With the setting on the kernel's command line the RNG is ready before the first\n"
	  "process starts. It means to trust that the CPU's maker built no back door; the\n"
	  "kernel mixes in all other sources all the same." },
	{ "trust-bootloader",
	  ADVICE_WARNING,
	  distrusted_bootloader,
	  "EFI may pass a seed, but the kernel does not credit it.",
	  { ADVICE_KERNEL_ARGUMENT, "random.trust_bootloader=on" },
	  "EFI can hand over a seed, its own or that of a boot loader. With the setting on\n"
	  "the kernel's command line (Linux 5.18) it is credited. Whether there was a seed\n"
	  "cannot be seen afterwards: the kernel wipes it. The setting does nothing to a\n"
	  "seed in a device tree: the kernel takes that before it reads its command line,\n"
	  "and its build decides whether it is credited." },
	{ "no-cycle-counter",
	  ADVICE_WARNING,
	  no_cycle_counter,
	  "This machine has no cycle counter: the kernel cannot gather jitter.",
	  { ADVICE_TEXT, "provide a hardware generator or a creditable seed file" },
	  "The kernel logged that there is neither a cycle counter nor another fast timer.\n"
	  "A blocking getrandom() then only waits for interrupts, which may take minutes.\n"
	  "Only a device, a seed of the boot loader or a credited seed file helps." },
	{ "cpu-rng-unreliable",
	  ADVICE_WARNING,
	  unreliable_cpu,
	  "The CPU's RNG instruction failed its test, and the kernel has switched it off.",
	  { ADVICE_TEXT, "update the microcode or the firmware" },
	  "Some CPUs give constant values after a resume, or at all, until their microcode\n"
	  "is updated. The kernel tests for that at boot." },
	{ "pointless-daemon",
	  ADVICE_INFO,
	  pointless_daemon,
	  "An entropy daemon runs that is of no use on this kernel.",
	  { ADVICE_SHELL, "systemctl disable --now @" },
	  "The kernel seeds itself (Linux 5.4) and, once ready, never runs out of entropy\n"
	  "(5.6). haveged, jitterentropy-rngd and the like do what it does already; rngd\n"
	  "does what the hw_random core does, which credits every device from 6.2 on." },
	{ NULL, ADVICE_INFO, NULL, NULL, { ADVICE_TEXT, NULL }, NULL },
};
