/* SPDX-License-Identifier: MIT */
/*
 * The kernel, its pool, and the verdict. Versions decide nothing: the rewrite of 2022 was
 * carried to every stable tree, so what a kernel does is found by trying.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "collect.h"
#include "io.h"
#include "rng.h"
#include "vdso.h"

#define RANDOM "/proc/sys/kernel/random/"

static const char captured[] = "a captured tree tells nothing of this";

enum {
	POOL_BITS_REWRITE = 256, /* poolsize since Linux 5.18, and backports */
	EARLY_BITS = 128,	 /* POOL_EARLY_BITS in random.c, 5.19 to 6.19 */
};

static void set_flag(struct fact *fact, bool yes)
{
	fact_number(fact, yes);
}

static void probe_features(struct facts *facts)
{
	int rc = rng_knows_insecure();

	if (rc != 0 && rc != -EINVAL) {
		fact_unknown(&facts->grnd_insecure, strerror(-rc));
		fact_unknown(&facts->unified_random, strerror(-rc));
		fact_unknown(&facts->jitter_seeding, strerror(-rc));
	} else {
		set_flag(&facts->grnd_insecure, rc == 0);
		set_flag(&facts->unified_random, rc == 0);
		/* Jitter seeding came in 5.4, two releases before what can be probed. */
		if (rc == 0)
			set_flag(&facts->jitter_seeding, true);
		else
			fact_unknown(&facts->jitter_seeding,
				     "no call tells it on kernels without GRND_INSECURE");
	}
	set_flag(&facts->vdso_getrandom, vdso_has_getrandom());
}

void collect_kernel(int root, struct facts *facts)
{
	struct utsname names;

	if (root != IO_LIVE_ROOT) {
		collect_text(root, "/proc/sys/kernel/osrelease", &facts->kernel_release);
		fact_unknown(&facts->kernel_machine, captured);
		fact_unknown(&facts->grnd_insecure, captured);
		fact_unknown(&facts->unified_random, captured);
		fact_unknown(&facts->jitter_seeding, captured);
		fact_unknown(&facts->vdso_getrandom, captured);
		return;
	}
	probe_features(facts);
	if (uname(&names) == 0) {
		fact_text(&facts->kernel_release, names.release);
		fact_text(&facts->kernel_machine, names.machine);
	}
}

void collect_pool(int root, struct facts *facts)
{
	collect_number(root, RANDOM "entropy_avail", &facts->entropy_avail);
	collect_number(root, RANDOM "poolsize", &facts->poolsize);
	if (facts->poolsize.unknown)
		fact_unknown(&facts->pool_counts, facts->poolsize.unknown);
	else
		set_flag(&facts->pool_counts,
			 facts->poolsize.number == POOL_BITS_REWRITE);
}

static bool is_early(const struct facts *facts)
{
	return !facts->pool_counts.unknown && facts->pool_counts.number &&
	       !facts->entropy_avail.unknown && facts->entropy_avail.number >= EARLY_BITS;
}

void collect_verdict(int root, struct facts *facts)
{
	static char why[128];
	int rc = root == IO_LIVE_ROOT ? rng_probe() : -ENODATA;

	fact_text(&facts->verdict_source, "getrandom(NULL, 0, GRND_NONBLOCK)");
	if (root != IO_LIVE_ROOT) {
		fact_unknown(&facts->verdict, captured);
		fact_unknown(&facts->verdict_source, captured);
	} else if (rc == 0) {
		fact_text(&facts->verdict, "ready");
	} else if (rc == -EAGAIN) {
		fact_text(&facts->verdict, is_early(facts) ? "early" : "not ready");
	} else {
		snprintf(why, sizeof(why), "getrandom: %s", strerror(-rc));
		fact_unknown(&facts->verdict, why);
	}
}
