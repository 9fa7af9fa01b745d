/* SPDX-License-Identifier: MIT */
/* Where entropy could come from: the CPU's instructions and the hw_random devices. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect.h"
#include "io.h"

#define HW_RANDOM "/sys/class/misc/hw_random/"

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

static void collect_cpu(int root, struct facts *facts)
{
	char cpuinfo[16384];
	long len = io_read_in(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo));

	if (len < 0) {
		fact_unknown(&facts->cpu_rng, strerror((int)-len));
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

void collect_sources(int root, struct facts *facts)
{
	collect_cpu(root, facts);
	collect_text(root, HW_RANDOM "rng_current", &facts->hwrng_current);
	collect_text(root, HW_RANDOM "rng_available", &facts->hwrng_available);
}
