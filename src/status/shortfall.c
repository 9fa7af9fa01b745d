/* SPDX-License-Identifier: MIT */
/* What a wait that timed out was waiting for. */
#include "status/shortfall.h"

#include <inttypes.h>
#include <stdio.h>

static void say_bits(const struct facts *facts, char *text, size_t size)
{
	const struct fact_number *avail = &facts->entropy_avail,
				 *needed = &facts->pool_needed;

	if (avail->unknown)
		snprintf(text, size, "an unknown number of bits gathered (%s)",
			 avail->unknown);
	else if (fact_yes(&facts->pool_counts))
		snprintf(text, size, "%" PRIu64 " of %" PRIu64 " bits gathered%s",
			 avail->number, needed->number,
			 fact_yes(&facts->pool_drained)
				 ? ", which readers of /dev/random use up"
				 : "");
	else
		snprintf(text, size, "entropy_avail %" PRIu64 " bits, which %s",
			 avail->number,
			 fact_no(&facts->pool_counts)
				 ? "does not count towards readiness on this kernel"
				 : "may or may not count towards readiness on this "
				   "kernel");
}

static const char *known_or(const struct fact_text *fact, const char *otherwise)
{
	return fact->unknown || fact->text[0] == '\0' ? otherwise : fact->text;
}

void shortfall_describe(const struct facts *facts, char *text, size_t size)
{
	char bits[256];

	say_bits(facts, bits, sizeof(bits));
	snprintf(text, size, "%s (sources: CPU %s, hw_random %s)", bits,
		 known_or(&facts->cpu_rng, "unknown"),
		 known_or(&facts->hwrng_current, "none"));
}
