/* SPDX-License-Identifier: MIT */
/*
 * The CPU's instruction, and whether the kernel credits what it gives. The kernel clears
 * the flag where the instruction fails its test or is forbidden, so that its absence may
 * mean "switched off".
 */
#include <string.h>

#include "collect.h"
#include "io.h"

bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		list += strspn(list, " \t");

		size_t n = strcspn(list, " \t");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

char *cpuinfo_value(char *cpuinfo, const char *key)
{
	for (char *line = cpuinfo; line; line = strchr(line, '\n')) {
		line += *line == '\n';

		size_t len = strlen(key);

		if (strncmp(line, key, len) != 0 || !strchr(" \t:", line[len]) ||
		    !line[len])
			continue;

		char *value = line + strcspn(line, ":\n");

		if (*value != ':')
			continue;
		value[strcspn(value, "\n")] = '\0';
		return value + 1;
	}
	return NULL;
}

static void collect_instruction(int root, struct facts *facts)
{
	char cpuinfo[16384];
	long len = io_read_in(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo));

	if (len < 0) {
		fact_unknown(&facts->cpu_rng, collect_why((int)-len));
		return;
	}

	char *flags = cpuinfo_value(cpuinfo, "flags"); /* x86 */

	if (!flags)
		flags = cpuinfo_value(cpuinfo, "Features"); /* arm64 */
	if (!flags) {
		fact_unknown(&facts->cpu_rng, "cpuinfo lists no CPU features");
		return;
	}

	bool rdrand = has_word(flags, "rdrand"), rdseed = has_word(flags, "rdseed");

	fact_text(&facts->cpu_rng, rdrand && rdseed	    ? "rdrand rdseed"
				   : rdrand		    ? "rdrand"
				   : rdseed		    ? "rdseed"
				   : has_word(flags, "rng") ? "rng"
							    : "none");
}

static void trust(struct facts *facts, bool trusted, const char *why)
{
	fact_number(&facts->cpu_trusted, trusted);
	fact_text(&facts->cpu_trust_why, why);
}

/*
 * Without a switch the build decides. RANDOM_TRUST_CPU came in 4.19 and went in 6.2,
 * which credits always; a kernel with the 256-bit pool that does not know it is one of
 * the latter.
 */
static void trust_by_build(struct facts *facts)
{
	const struct fact *config = &facts->config_trust_cpu;

	if (fact_is(config, "y"))
		trust(facts, true, "built with RANDOM_TRUST_CPU");
	else if (fact_is(config, "n"))
		trust(facts, false, "built without RANDOM_TRUST_CPU");
	else if (fact_is(config, "absent") && fact_yes(&facts->pool_counts))
		trust(facts, true, "always, unless the command line forbids it");
	else if (fact_is(config, "absent"))
		trust(facts, false, "the kernel is too old to credit it");
	else
		fact_unknown(&facts->cpu_trusted,
			     "the kernel's build default is unknown");
}

/* A kernel that obeys nordrand clears the flag too; newer ones know only the switch. */
void collect_cpu(int root, struct facts *facts)
{
	collect_instruction(root, facts);
	fact_unknown(&facts->cpu_trust_why, "not known whether it is trusted");
	if (facts->cpu_rng.unknown)
		fact_unknown(&facts->cpu_trusted, facts->cpu_rng.unknown);
	else if (fact_is(&facts->cpu_rng, "none") && fact_yes(&facts->nordrand))
		trust(facts, false, "nordrand on the command line");
	else if (fact_is(&facts->cpu_rng, "none"))
		trust(facts, false, "the CPU has no such instruction, or it is off");
	else if (facts_have_trust_cpu(facts) && fact_is(&facts->trust_cpu, "on"))
		trust(facts, true, "random.trust_cpu=on on the command line");
	else if (facts_have_trust_cpu(facts) && fact_is(&facts->trust_cpu, "off"))
		trust(facts, false, "random.trust_cpu=off on the command line");
	else
		trust_by_build(facts);
}
