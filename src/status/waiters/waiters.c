/* SPDX-License-Identifier: MIT */
/*
 * When to look for waiters. The time that one pass took decides when the next one begins.
 * Several are needed, because a task that drives the jitter loop is running and may be
 * seen only when it naps.
 */
#include "status/waiters/waiters.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/namespace.h"
#include "rng/device.h"
#include "rng/rng.h"
#include "status/waiters/pass.h"

enum {
	PASSES = 12,
	SHARE = 4,     /* passes take at most a quarter of the time */
	CROWD = 10000, /* from this number of tasks on, one pass is burden enough */
};

/* Alternates naps and passes until the time is over. */
static void sample(struct waiters *waiters, DIR *proc, int64_t ns, int64_t cost)
{
	int64_t end = deadline_after(ns);

	while (rng_probe() != 0) {
		int64_t left = deadline_left(end), nap = ns / PASSES;
		if (nap < (SHARE - 1) * cost)
			nap = (SHARE - 1) * cost;
		if (nap > left - cost)
			nap = left - cost;
		if (nap <= 0)
			return;
		ask_nap(nap);

		int64_t begin = deadline_now();

		waiters_pass(waiters, proc, false);
		cost = deadline_now() - begin;
	}
}

static bool is_confined(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) != 0 || st.st_ino != NAMESPACE_FIRST_PID;
}

/* By GRND_INSECURE; where it is forbidden or missing, by a file that 5.6 removed. */
static bool has_blocking_pool(void)
{
	int rc = rng_knows_insecure();

	return rc == -EINVAL ||
	       (rc != 0 &&
		access("/proc/sys/kernel/random/read_wakeup_threshold", F_OK) == 0);
}

void waiters_collect(struct waiters *waiters, int64_t sample_ns)
{
	struct statfs fs;

	memset(waiters, 0, offsetof(struct waiters, list));

	waiters->ready = rng_probe() == 0;
	waiters->pool = has_blocking_pool();
	if (waiters->ready && device_poll_means_ready())
		return;

	DIR *proc = opendir("/proc");

	if (!proc || fstatfs(dirfd(proc), &fs) != 0 || fs.f_type != PROC_SUPER_MAGIC) {
		waiters->unknown = "/proc is not mounted";
	} else {
		int64_t begin = deadline_now();

		waiters->scanned = true;
		waiters->confined = is_confined();
		waiters_pass(waiters, proc, true);
		/* With a ready RNG only readers of the blocking pool wait: they sleep. */
		if (!waiters->ready && waiters->examined < CROWD)
			sample(waiters, proc, sample_ns, deadline_now() - begin);
	}
	if (proc)
		closedir(proc);
}
