/* SPDX-License-Identifier: MIT */
/* The pool's numbers, and the verdict, which no number gives. */
#include <errno.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ask.h"
#include "collect.h"
#include "device.h"
#include "io.h"
#include "rng.h"

#define RANDOM "/proc/sys/kernel/random/"

enum {
	POOL_BITS_REWRITE = 256, /* since 5.18, and in stable trees since 2022 */
	EARLY_BITS = 128,	 /* POOL_EARLY_BITS in random.c, 5.19 to 6.19 */
};

/* Where /proc is hidden the device still tells (man 4 random). */
static void collect_ioctl(int root, struct facts *facts)
{
	bool live = root == IO_LIVE_ROOT && ask_begin(device_path(DEVICE_RANDOM));
	int bits, fd = live ? device_open(DEVICE_RANDOM) : -ETIMEDOUT;

	if (live)
		ask_end();
	if (fd < 0) {
		fact_unknown(&facts->rndgetentcnt,
			     root == IO_LIVE_ROOT ? collect_why(-fd) : collect_captured);
		return;
	}
	if (ioctl(fd, RNDGETENTCNT, &bits) == 0 && bits >= 0)
		fact_number(&facts->rndgetentcnt, (uint64_t)bits);
	else
		fact_unknown(&facts->rndgetentcnt, collect_why(errno));
	close(fd);
}

void collect_pool(int root, struct facts *facts)
{
	collect_number(root, RANDOM "entropy_avail", &facts->entropy_avail);
	collect_number(root, RANDOM "poolsize", &facts->poolsize);
	collect_ioctl(root, facts);
	if (facts->poolsize.unknown)
		fact_unknown(&facts->pool_counts, facts->poolsize.unknown);
	else
		fact_number(&facts->pool_counts,
			    facts->poolsize.number == POOL_BITS_REWRITE);
}

/* A full pool and an unready CRNG contradict each other: that is not called early. */
static bool is_early(const struct facts *facts)
{
	return fact_yes(&facts->pool_counts) && !facts->entropy_avail.unknown &&
	       facts->entropy_avail.number >= EARLY_BITS &&
	       facts->entropy_avail.number < facts->poolsize.number;
}

void collect_verdict(int root, struct facts *facts)
{
	static char why[128];

	if (root != IO_LIVE_ROOT) {
		fact_unknown(&facts->verdict, collect_captured);
		fact_unknown(&facts->verdict_source, collect_captured);
		fact_unknown(&facts->verdict_errno, collect_captured);
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
		fact_unknown(&facts->verdict, why);
	}
}
