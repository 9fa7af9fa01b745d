/* SPDX-License-Identifier: MIT */
/*
 * What kind of RNG the kernel has. Versions decide nothing: the rewrite of 2022 was
 * carried to every stable tree, so a kernel is judged by what it answers and by what it
 * has in /proc/sys/kernel/random (drivers/char/random.c, 3.10 to 6.19).
 */
#include "status/judge-kernel.h"

#define BLOCKING_POOL "blocking pool (before 5.6)"

enum {
	POOL_BITS_BEFORE = 4096,
	NEEDED_BEFORE = 128, /* of the input pool, for crng_reseed(), 4.17 to 5.17 */
};

/*
 * A missing file proves something only where its neighbours exist: write_wakeup_threshold
 * has existed since 2.6.
 */
static void judge_era(struct facts *facts)
{
	if (facts->poolsize.unknown)
		facts->era.unknown = facts->poolsize.unknown;
	else if (facts_have_rewrite(facts))
		fact_text(&facts->era,
			  "256-bit pool (since 5.18; in stable since 2022)");
	else if (fact_yes(&facts->read_wakeup))
		fact_text(&facts->era, BLOCKING_POOL);
	else if (fact_yes(&facts->write_wakeup) && fact_no(&facts->read_wakeup))
		fact_text(&facts->era, "4096-bit pool (5.6 to 5.17)");
	else
		facts->era.unknown = "/proc/sys/kernel/random is incomplete";
}

/*
 * GRND_INSECURE came together with the end of the blocking pool (5.6); jitter is older
 * (5.4). Where the kernel could not be asked, the era decides.
 */
static void judge_features(struct facts *facts)
{
	struct fact_flag *insecure = &facts->grnd_insecure;

	if (insecure->unknown && !facts->era.unknown)
		fact_flag(insecure, !fact_is(&facts->era, BLOCKING_POOL));
	else if (insecure->unknown)
		insecure->unknown = facts->era.unknown;
	facts->unified_random = *insecure;
	facts->jitter_seeding = *insecure;
	if (fact_no(insecure))
		facts->jitter_seeding.unknown =
			"Linux 5.4 and 5.5 have it, older kernels do not, and "
			"nothing tells them apart";
}

/*
 * RNDRESEEDCRNG came with the fix of CVE-2018-1108 (4.17). Jitter (5.4) and GRND_INSECURE
 * (5.6) are younger, so a kernel without it has neither, and one with GRND_INSECURE has
 * it.
 */
static void judge_reseed(struct facts *facts)
{
	if (fact_yes(&facts->unified_random))
		fact_flag(&facts->reseed_ioctl, true);
	else if (fact_no(&facts->reseed_ioctl))
		fact_flag(&facts->jitter_seeding, false);
}

static void counts(struct facts *facts, uint64_t needed, bool drained)
{
	fact_flag(&facts->pool_counts, true);
	fact_number(&facts->pool_needed, needed);
	fact_flag(&facts->pool_drained, drained);
}

static void meaning_unknown(struct facts *facts, const char *why)
{
	facts->pool_counts.unknown = why;
	facts->pool_needed.unknown = why;
	facts->pool_drained.unknown = why;
}

/*
 * Without RNDRESEEDCRNG (3.17 to 4.16) the bits of another pool decide, or fast init,
 * which counts no bits at all. The input pool, whose bits entropy_avail shows, is
 * neither.
 */
static void judge_blocking_pool(struct facts *facts)
{
	static const char unknown[] = "nothing shows whether this is Linux 4.17 or later";

	counts(facts, NEEDED_BEFORE, true);
	if (fact_yes(&facts->reseed_ioctl))
		return;
	facts->pool_counts.unknown = unknown;
	facts->pool_needed.unknown = unknown;
	if (facts->reseed_ioctl.unknown)
		return;
	fact_flag(&facts->pool_counts, false);
	facts->pool_needed.unknown = "readiness does not depend on the bits in this pool";
}

static void judge_pool(struct facts *facts)
{
	if (facts->poolsize.unknown)
		meaning_unknown(facts, facts->poolsize.unknown);
	else if (facts_have_rewrite(facts))
		counts(facts, FACTS_REWRITE_BITS, false);
	else if (facts->poolsize.number != POOL_BITS_BEFORE)
		meaning_unknown(facts, "no known kernel has a pool of that size");
	else if (fact_yes(&facts->unified_random))
		counts(facts, NEEDED_BEFORE, false);
	else if (fact_no(&facts->unified_random))
		judge_blocking_pool(facts);
	else
		meaning_unknown(facts, facts->unified_random.unknown);
}

static void trust(struct facts *facts, bool trusted, const char *why)
{
	fact_flag(&facts->cpu_trusted, trusted);
	fact_text(&facts->cpu_trust_why, why);
}

/*
 * Without a switch the build decides. RANDOM_TRUST_CPU came in 4.19 and went in 6.2,
 * which always credits. A kernel that has the 256-bit pool and does not know the option
 * is therefore 6.2 or later.
 */
static void judge_trust_by_build(struct facts *facts)
{
	const struct fact_text *config = &facts->config_trust_cpu;

	if (fact_is(config, "y"))
		trust(facts, true, "built with RANDOM_TRUST_CPU");
	else if (fact_is(config, "n"))
		trust(facts, false, "built without RANDOM_TRUST_CPU");
	else if (fact_is(config, "absent") && facts_have_rewrite(facts))
		trust(facts, true, "always, unless the command line forbids it");
	else if (fact_is(config, "absent"))
		trust(facts, false, "the kernel is too old to credit it");
	else
		facts->cpu_trusted.unknown = "the kernel's build default is unknown";
}

/*
 * A kernel that obeys nordrand also clears the flag of the CPU; newer kernels only know
 * the switch. On POWER the kernel asks the hypervisor (H_RANDOM) unless it runs on the
 * bare metal.
 */
static void judge_trust(struct facts *facts)
{
	bool has_switch = facts_have_trust_cpu(facts);

	facts->cpu_trust_why.unknown = "it is unknown whether it is trusted";
	if (facts->cpu_rng.unknown)
		facts->cpu_trusted.unknown = facts->cpu_rng.unknown;
	else if (fact_is(&facts->cpu_rng, "none") && fact_yes(&facts->nordrand))
		trust(facts, false, "nordrand on the command line");
	else if (fact_is(&facts->cpu_rng, "none"))
		trust(facts, false, "the kernel uses no such instruction");
	else if (fact_is(&facts->cpu_rng, "darn"))
		facts->cpu_trusted.unknown =
			"a hypervisor may answer in place of the instruction";
	else if (has_switch && fact_is(&facts->trust_cpu, "on"))
		trust(facts, true, "command line: random.trust_cpu=on");
	else if (has_switch && fact_is(&facts->trust_cpu, "off"))
		trust(facts, false, "command line: random.trust_cpu=off");
	else
		judge_trust_by_build(facts);
}

void judge_kernel(struct facts *facts)
{
	judge_era(facts);
	judge_features(facts);
	judge_reseed(facts);
	judge_pool(facts);
	judge_trust(facts);
}
