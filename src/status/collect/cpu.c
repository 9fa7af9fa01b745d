/* SPDX-License-Identifier: MIT */
/* Whether the kernel credits what the CPU's instruction gives. */
#include "status/collect/collectors.h"

static void trust(struct facts *facts, bool trusted, const char *why)
{
	fact_flag(&facts->cpu_trusted, trusted);
	fact_text(&facts->cpu_trust_why, why);
}

/*
 * Without a switch the build decides. RANDOM_TRUST_CPU came in 4.19 and went in 6.2,
 * which credits always; a kernel with the 256-bit pool that does not know it is one of
 * the latter.
 */
static void trust_by_build(struct facts *facts)
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
 * A kernel that obeys nordrand clears the flag too; newer ones know only the switch. On
 * POWER the kernel asks the hypervisor (H_RANDOM) where it does not run on the metal.
 */
void collect_cpu(int root, struct facts *facts)
{
	collect_instruction(root, facts);
	facts->cpu_trust_why.unknown = "not known whether it is trusted";
	if (facts->cpu_rng.unknown)
		facts->cpu_trusted.unknown = facts->cpu_rng.unknown;
	else if (fact_is(&facts->cpu_rng, "none") && fact_yes(&facts->nordrand))
		trust(facts, false, "nordrand on the command line");
	else if (fact_is(&facts->cpu_rng, "none"))
		trust(facts, false, "the kernel uses no such instruction");
	else if (fact_is(&facts->cpu_rng, "darn"))
		facts->cpu_trusted.unknown =
			"a hypervisor may give it in the instruction's place";
	else if (facts_have_trust_cpu(facts) && fact_is(&facts->trust_cpu, "on"))
		trust(facts, true, "random.trust_cpu=on on the command line");
	else if (facts_have_trust_cpu(facts) && fact_is(&facts->trust_cpu, "off"))
		trust(facts, false, "random.trust_cpu=off on the command line");
	else
		trust_by_build(facts);
}
