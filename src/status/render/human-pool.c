/* SPDX-License-Identifier: MIT */
/* entropy_avail: the number that most people look at, and what it says on this kernel. */
#include <inttypes.h>

#include "status/render/human.h"

/* The meaning differs by kernel, and most people get it wrong. */
static const char *meaning(const struct facts *facts)
{
	bool drained = fact_yes(&facts->pool_drained);

	if (facts->poolsize.unknown)
		return "the pool's size is unknown, so it says nothing here";
	if (facts->pool_counts.unknown)
		return "unknown if it counts towards readiness on this kernel";
	if (!facts->pool_counts.yes)
		return "says nothing here: a level that rises and falls, ready or not";
	if (facts_have_rewrite(facts) && facts_not_ready(facts))
		return "progress: the RNG is ready when it reaches the pool size";
	if (facts_not_ready(facts))
		return drained ? "progress: the RNG is ready when it reaches 128 bits; "
				 "readers of /dev/random take from them"
			       : "progress: the RNG is ready when it reaches 128 bits";
	if (!facts_ready(facts) && facts->ready_ms.unknown)
		return "progress until the RNG is ready, and nothing after that";
	return drained ? "says nothing of readiness once the RNG is ready: it is what "
			 "readers of /dev/random may take"
		       : "says nothing any more once the RNG is ready";
}

void human_pool(const struct layout *layout, const struct facts *facts)
{
	const struct fact_number *avail = &facts->entropy_avail, *pool = &facts->poolsize;

	if (avail->unknown && !facts->rndgetentcnt.unknown)
		layout_row(layout, "entropy_avail",
			   "%" PRIu64 " bits by RNDGETENTCNT (%s)",
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
