/* SPDX-License-Identifier: MIT */
/* What the log of a boot proves, and what it does not. */
#include <stddef.h>

#include "status/history/history.h"

/*
 * The kernel logs its readiness while it takes the seed that makes it ready, and crng
 * seed reports that right afterwards, as soon as journald gets to read it. A seed that
 * was credited at another time has made nothing ready; one at that time probably has.
 */
#define SEED_BEFORE_USEC (50 * INT64_C(1000))
#define SEED_AFTER_USEC (250 * INT64_C(1000))

const char *history_why_partial(const struct history_boot *boot)
{
	if (!boot->has_offset)
		return boot->doubt ? boot->doubt : "only wtmp remembers this boot";
	if (!boot->kernel)
		return "the journal has no kernel messages of this boot";
	if (boot->doubt)
		return boot->doubt;
	return boot->begins ? NULL : "the beginning of its log was not found";
}

bool history_is_whole(const struct history_boot *boot)
{
	return !history_why_partial(boot);
}

const char *history_why_unknown(const struct history_boot *boot)
{
	const char *why = history_why_partial(boot);

	if (boot->ready >= 0)
		return NULL;
	if (!why && boot->fast_init && boot->fast_may_be_ready)
		return "only fast init is logged, which Linux 4.8 to 4.16 may take for ready";
	return why;
}

bool history_not_ready(const struct history_boot *boot)
{
	return boot->ready < 0 && !history_why_unknown(boot);
}

enum history_cause history_cause(const struct history_boot *boot)
{
	if (boot->ready < 0)
		return HISTORY_CAUSE_UNKNOWN;
	if (boot->ready_kind == TIMELINE_READY_TRUSTED)
		return HISTORY_CPU;
	return boot->seeded >= 0 && boot->seeded >= boot->ready - SEED_BEFORE_USEC &&
			       boot->seeded <= boot->ready + SEED_AFTER_USEC
		       ? HISTORY_SEED
		       : HISTORY_CAUSE_UNKNOWN;
}

const char *history_cause_name(enum history_cause cause)
{
	return cause == HISTORY_CPU    ? "trusted_cpu"
	       : cause == HISTORY_SEED ? "probably_crng_seed"
				       : "";
}
