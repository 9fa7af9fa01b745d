/* SPDX-License-Identifier: MIT */
/*
 * The pool's numbers and what they mean, which is another thing in each age of the kernel
 * (drivers/char/random.c, 3.10 to 6.19); and the verdict, which no number gives.
 */
#include <errno.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/io.h"
#include "base/text.h"
#include "rng/device.h"
#include "rng/reseed.h"
#include "rng/rng.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define RANDOM "/proc/sys/kernel/random/"

enum {
	POOL_BITS_REWRITE = 256, /* since 5.18, and in stable trees since 2022 */
	POOL_BITS_BEFORE = 4096,
	NEEDED_BEFORE = 128, /* of the input pool, for crng_reseed(), 4.17 to 5.17 */
	EARLY_BITS = 128,    /* POOL_EARLY_BITS in random.c, 5.19 to 6.19 */
};

/* The fix of CVE-2018-1108 brought both; GRND_INSECURE (5.6) came later than it. */
static void find_reseed(int root, int fd, struct facts *facts)
{
	struct fact_flag *fact = &facts->reseed_ioctl;
	int answer = fact_yes(&facts->unified_random) ? 1 : -ENODATA;

	if (answer < 0 && fd >= 0 && !facts->rndgetentcnt.unknown)
		answer = reseed_is_known(fd);
	if (answer < 0 &&
	    read_exists(root, "/sys/module/random/parameters/ratelimit_disable") == 1)
		answer = 1;
	if (answer >= 0)
		fact_flag(fact, answer);
	else
		fact->unknown = root == IO_LIVE_ROOT ? "/dev/random does not tell"
						     : read_live_only;
	/* Jitter came later, in 5.4; in between nothing tells. */
	if (answer == 0)
		fact_flag(&facts->jitter_seeding, false);
}

/* Where /proc is hidden the device still tells (man 4 random). */
static void ask_device(int root, struct facts *facts)
{
	bool live = root == IO_LIVE_ROOT && ask_begin(device_path(DEVICE_RANDOM));
	int bits, fd = live ? device_open(DEVICE_RANDOM) : -ETIMEDOUT;

	if (live)
		ask_end();
	if (fd < 0)
		facts->rndgetentcnt.unknown = root == IO_LIVE_ROOT ? text_error(-fd)
								   : read_live_only;
	else if (ioctl(fd, RNDGETENTCNT, &bits) == 0 && bits >= 0)
		fact_number(&facts->rndgetentcnt, (uint64_t)bits);
	else
		facts->rndgetentcnt.unknown = text_error(errno);
	find_reseed(root, fd, facts);
	if (fd >= 0)
		close(fd);
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
 * Without RNDRESEEDCRNG (3.17 to 4.16) another pool's bits decide, or fast init, which
 * counts none: what is in the input pool is neither.
 */
static void judge_blocking_pool(struct facts *facts)
{
	static const char unknown[] = "nothing tells if this is Linux 4.17 or older";

	counts(facts, NEEDED_BEFORE, true);
	if (fact_yes(&facts->reseed_ioctl))
		return;
	facts->pool_counts.unknown = unknown;
	facts->pool_needed.unknown = unknown;
	if (facts->reseed_ioctl.unknown)
		return;
	fact_flag(&facts->pool_counts, false);
	facts->pool_needed.unknown = "readiness is no number of bits in this pool";
}

static void judge_pool(struct facts *facts)
{
	if (facts->poolsize.unknown)
		meaning_unknown(facts, facts->poolsize.unknown);
	else if (facts->poolsize.number == POOL_BITS_REWRITE)
		counts(facts, POOL_BITS_REWRITE, false);
	else if (facts->poolsize.number != POOL_BITS_BEFORE)
		meaning_unknown(facts, "no known kernel has a pool of that size");
	else if (fact_yes(&facts->unified_random))
		counts(facts, NEEDED_BEFORE, false);
	else if (fact_no(&facts->unified_random))
		judge_blocking_pool(facts);
	else
		meaning_unknown(facts, facts->unified_random.unknown);
}

void collect_pool(int root, struct facts *facts)
{
	read_number(root, RANDOM "entropy_avail", &facts->entropy_avail);
	read_number(root, RANDOM "poolsize", &facts->poolsize);
	ask_device(root, facts);
	judge_pool(facts);
}

/* A full pool and an unready CRNG contradict each other: that is not called early. */
static bool is_early(const struct facts *facts)
{
	return facts_have_rewrite(facts) && !facts->entropy_avail.unknown &&
	       facts->entropy_avail.number >= EARLY_BITS &&
	       facts->entropy_avail.number < facts->poolsize.number;
}

void collect_verdict(int root, struct facts *facts)
{
	static char why[128];

	if (root != IO_LIVE_ROOT) {
		facts->verdict.unknown = read_live_only;
		facts->verdict_source.unknown = read_live_only;
		facts->verdict_errno.unknown = read_live_only;
		return;
	}

	int rc = rng_probe();

	fact_text(&facts->verdict_source, "getrandom(NULL, 0, GRND_NONBLOCK)");
	fact_number(&facts->verdict_errno, rc == -EAGAIN ? 0 : (uint64_t)-rc);
	if (rc == 0) {
		fact_text(&facts->verdict, "ready");
	} else if (rc == -EAGAIN) {
		fact_text(&facts->verdict, is_early(facts) ? "early" : "not ready");
	} else {
		snprintf(why, sizeof(why), "getrandom: %s", strerror(-rc));
		facts->verdict.unknown = why;
	}
}
