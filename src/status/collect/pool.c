/* SPDX-License-Identifier: MIT */
/* The pool's numbers, and the probe, which alone tells whether the RNG is ready. */
#include <errno.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/root.h"
#include "base/text.h"
#include "rng/device.h"
#include "rng/rnd-ioctl.h"
#include "rng/rng.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define RATE_MIN_NS (200 * NS_PER_MS)

/* GRND_INSECURE, or the end of the blocking pool, which came with it (5.6), proves it. */
static bool has_reseed(const struct facts *facts)
{
	return fact_yes(&facts->grnd_insecure) || facts_have_rewrite(facts) ||
	       (fact_yes(&facts->write_wakeup) && fact_no(&facts->read_wakeup));
}

/* The parameter ratelimit_disable came with the same fix as the ioctl. */
static void ask_reseed(int root, int fd, struct facts *facts)
{
	struct fact_flag *fact = &facts->reseed_ioctl;
	int answer = -ENODATA;

	if (fd >= 0 && !facts->rndgetentcnt.unknown && !has_reseed(facts))
		answer = rnd_knows_reseed(fd);
	if (answer < 0 &&
	    root_exists(root, "/sys/module/random/parameters/ratelimit_disable") == 1)
		answer = 1;
	if (answer >= 0)
		fact_flag(fact, answer);
	else
		fact->unknown = root == ROOT_LIVE ? "/dev/random does not show it"
						  : read_live_only;
}

/*
 * Where /proc is hidden, the device still reports the count (man 4 random). The number of
 * that ioctl has its highest bit set, and does not fit the int that musl's ioctl() takes.
 */
static void ask_device(int root, struct facts *facts)
{
	bool live = root == ROOT_LIVE && ask_begin(device_path(DEVICE_RANDOM));
	int bits, fd = live ? device_open(DEVICE_RANDOM) : -ETIMEDOUT;

	if (live)
		ask_end();
	if (fd < 0)
		facts->rndgetentcnt.unknown = root == ROOT_LIVE ? text_error(-fd)
								: read_live_only;
	else if (syscall(SYS_ioctl, fd, RNDGETENTCNT, &bits) == 0 && bits >= 0)
		fact_number(&facts->rndgetentcnt, (uint64_t)bits);
	else
		facts->rndgetentcnt.unknown = text_error(errno);
	ask_reseed(root, fd, facts);
	if (fd >= 0)
		close(fd);
}

void collect_pool(int root, struct facts *facts)
{
	read_number(root, READ_RANDOM "entropy_avail", &facts->entropy_avail);
	if (root == ROOT_LIVE)
		fact_number(&facts->pool_read_ns, (uint64_t)deadline_now());
	read_number(root, READ_RANDOM "poolsize", &facts->poolsize);
	ask_device(root, facts);
}

/* Over the time since collect_pool(): mostly that of the search for waiters. */
static const char *measure_rate(struct facts *facts, const struct fact_number *later)
{
	int64_t elapsed = deadline_now() - (int64_t)facts->pool_read_ns.number;
	const struct fact_number *before = &facts->entropy_avail;

	if (before->unknown || later->unknown)
		return before->unknown ? before->unknown : later->unknown;
	if (elapsed < RATE_MIN_NS)
		return "the pool was observed too briefly to tell";
	if (later->number < before->number)
		return "bits were taken from the pool in the meantime";
	fact_number(&facts->pool_rate, (later->number - before->number) * 1000 *
					       NS_PER_S / (uint64_t)elapsed);
	return NULL;
}

void collect_pool_rate(int root, struct facts *facts)
{
	struct fact_number later;

	if (root != ROOT_LIVE || facts->probe.number == 0) {
		facts->pool_rate.unknown = root == ROOT_LIVE ? "the RNG is ready"
							     : read_live_only;
		return;
	}
	read_number(root, READ_RANDOM "entropy_avail", &later);

	const char *why = measure_rate(facts, &later);

	if (why)
		facts->pool_rate.unknown = why;
	if (!later.unknown)
		facts->entropy_avail = later;
}

void collect_probe(int root, struct facts *facts)
{
	if (root == ROOT_LIVE)
		fact_number(&facts->probe, (uint64_t)-rng_probe());
	else
		facts->probe.unknown = read_live_only;
}
