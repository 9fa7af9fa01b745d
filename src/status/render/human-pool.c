/* SPDX-License-Identifier: MIT */
/* entropy_avail: the number that most people look at, and what it says on this kernel. */
#include <inttypes.h>

#include "status/render/human.h"

/* The meaning differs by kernel, and most people get it wrong. */
static const char *meaning(const struct facts *facts)
{
	bool drained = fact_yes(&facts->pool_drained);

	if (facts->poolsize.unknown)
		return "means nothing here, because the pool's size is unknown";
	if (facts->pool_counts.unknown)
		return "may or may not count towards readiness on this kernel";
	if (!facts->pool_counts.yes)
		return "says nothing about readiness: it rises and falls regardless";
	if (facts_have_rewrite(facts) && facts_not_ready(facts))
		return "progress: the RNG is ready once the pool is full";
	if (facts_not_ready(facts))
		return drained ? "progress: the RNG is ready at 128 bits; "
				 "readers of /dev/random use them up"
			       : "progress: the RNG is ready at 128 bits";
	if (!facts_ready(facts) && facts->ready_ms.unknown)
		return "progress until the RNG is ready; meaningless afterwards";
	return drained ? "no longer meaningful for readiness, because the RNG is "
			 "ready: it is what readers of /dev/random may take"
		       : "no longer meaningful, because the RNG is ready";
}

void human_pool(const struct layout *layout, const struct facts *facts)
{
	const struct fact_number *avail = &facts->entropy_avail, *pool = &facts->poolsize;

	if (avail->unknown && !facts->rndgetentcnt.unknown)
		layout_row(layout, "entropy_avail",
			   "%" PRIu64 " bits, from RNDGETENTCNT (%s)",
			   facts->rndgetentcnt.number, avail->unknown);
	else if (avail->unknown)
		layout_row(layout, "entropy_avail", "unknown (%s)", avail->unknown);
	else if (pool->unknown)
		layout_row(layout, "entropy_avail", "%" PRIu64 " bits", avail->number);
	else
		layout_row(layout, "entropy_avail", "%" PRIu64 " of %" PRIu64 " bits",
			   avail->number, pool->number);
	layout_row(layout, "", "%s", meaning(facts));
}
