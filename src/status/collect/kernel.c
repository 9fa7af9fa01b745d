/* SPDX-License-Identifier: MIT */
/*
 * The kernel and what its RNG can do. Versions decide nothing: the rewrite of 2022 was
 * carried to every stable tree, so it is found by trying; in a captured tree by what
 * there is in /proc/sys/kernel/random, which changed with it.
 */
#include <errno.h>
#include <sys/utsname.h>

#include "base/io.h"
#include "rng/rng.h"
#include "rng/vdso.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define RANDOM "/proc/sys/kernel/random/"
#define BLOCKING_POOL "blocking pool (before 5.6)"

enum { POOL_BITS_REWRITE = 256 /* since 5.18, and in stable trees since 2022 */ };

/*
 * A file that is not there proves something only where the others are:
 * write_wakeup_threshold has been there since 2.6 and still is.
 */
static void era(int root, struct facts *facts)
{
	struct fact_number poolsize = { .unknown = NULL };
	int complete = read_exists(root, RANDOM "write_wakeup_threshold");
	int blocking = read_exists(root, RANDOM "read_wakeup_threshold");

	read_number(root, RANDOM "poolsize", &poolsize);
	if (poolsize.unknown)
		facts->era.unknown = poolsize.unknown;
	else if (poolsize.number == POOL_BITS_REWRITE)
		fact_text(&facts->era,
			  "256-bit pool (5.18, or a stable tree since 2022)");
	else if (blocking == 1)
		fact_text(&facts->era, BLOCKING_POOL);
	else if (complete == 1 && blocking == 0)
		fact_text(&facts->era, "4096-bit pool (5.6 to 5.17)");
	else
		facts->era.unknown = "/proc/sys/kernel/random is incomplete";
}

/* GRND_INSECURE and the end of the blocking pool came together (5.6), jitter in 5.4. */
static void set_features(struct facts *facts, bool insecure)
{
	fact_flag(&facts->grnd_insecure, insecure);
	fact_flag(&facts->unified_random, insecure);
	if (insecure)
		fact_flag(&facts->jitter_seeding, true);
	else
		facts->jitter_seeding.unknown =
			"Linux 5.4 and 5.5 have it, those before have not; "
			"nothing tells them apart";
}

static void features_from_era(struct facts *facts)
{
	const char *why = facts->era.unknown;

	if (!why) {
		set_features(facts, !fact_is(&facts->era, BLOCKING_POOL));
		return;
	}
	facts->grnd_insecure.unknown = why;
	facts->unified_random.unknown = why;
	facts->jitter_seeding.unknown = why;
}

void collect_kernel(int root, struct facts *facts)
{
	struct utsname names;
	int rc = root == IO_LIVE_ROOT ? rng_knows_insecure() : -ENODATA;

	era(root, facts);
	if (rc == 0 || rc == -EINVAL)
		set_features(facts, rc == 0);
	else
		features_from_era(facts);
	if (root != IO_LIVE_ROOT) {
		read_text(root, "/proc/sys/kernel/osrelease", &facts->kernel_release);
		read_text(root, "/proc/sys/kernel/arch", &facts->kernel_machine);
		facts->vdso_getrandom.unknown = read_live_only;
		return;
	}
	fact_flag(&facts->vdso_getrandom, vdso_has_getrandom());
	if (uname(&names) == 0) {
		fact_text(&facts->kernel_release, names.release);
		fact_text(&facts->kernel_machine, names.machine);
	}
}
