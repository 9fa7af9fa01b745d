/* SPDX-License-Identifier: MIT */
/* An earlier boot, or this one, as its journal tells of it. */
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "status/collect/cmdline.h"
#include "status/collect/collect.h"
#include "status/collect/collectors.h"
#include "status/judge.h"

static const char running_only[] = "only a running kernel can tell";

static void set_boot(const struct history_boot *boot, struct facts *facts)
{
	const char *id = boot->id;
	char uuid[40];

	snprintf(uuid, sizeof(uuid), "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8, id + 12,
		 id + 16, id + 20);
	fact_text(&facts->boot_id, uuid);
	if (boot->began >= 0)
		fact_number(&facts->boot_usec, (uint64_t)boot->began);
	else
		facts->boot_usec.unknown = "the clock was not set";
	fact_number(&facts->log_end_usec, boot->last > 0 ? (uint64_t)boot->last : 0);
	fact_flag(&facts->log_ends, boot->ends && !boot->running);
	fact_flag(&facts->log_of_running, boot->running);
}

static void set_not_ready(const struct history_boot *boot, struct facts *facts)
{
	static char why[96];
	long long seconds = (long long)(boot->last / USEC_PER_S);

	if (boot->running)
		snprintf(why, sizeof(why), "not ready in its log so far, after %lld s",
			 seconds);
	else
		snprintf(why, sizeof(why), "not ready when its log ended, after %s%lld s",
			 boot->ends ? "" : "at least ", seconds);
	facts->ready_ms.unknown = why;
	fact_flag(&facts->log_not_ready, true);
}

static void set_kernel(const struct history_log *log, struct facts *facts)
{
	char release[FACT_TEXT_MAX];

	if (log->version[0]) {
		snprintf(release, sizeof(release), "%.*s",
			 (int)strcspn(log->version, " "), log->version);
		fact_text(&facts->kernel_release, release);
	} else {
		facts->kernel_release.unknown = "the log does not show it";
	}
	if (log->has_cmdline && !log->cmdline_cut)
		cmdline_facts(log->cmdline, facts);
	else
		cmdline_unknown("the log does not show the whole command line", facts);
}

int collect_past(const char *tree, const struct history_wanted *wanted,
		 struct facts *facts, const char **why)
{
	static struct history_boot boot;
	static struct history_log log;
	int rc = history_collect_boot(tree, wanted, &boot, &log, why);

	if (rc != 0)
		return rc;
	facts_init(facts);
	collect_time(facts);
	set_boot(&boot, facts);
	set_kernel(&log, facts);
	timeline_copy(&facts->timeline, &log.timeline);
	facts->seeds.unknown = "the current seed files say nothing about an earlier boot";
	facts->host_keys.unknown =
		"the current host keys say nothing about an earlier boot";
	facts_excuse(facts, facts_not_collected, running_only);
	judge_facts(facts);
	if (facts->cloned_not_reseeded.unknown)
		facts->cloned_not_reseeded.unknown = facts->cloned_because.unknown =
			running_only;
	if (facts->ready_ms.unknown && facts->timeline.unknown)
		return 0;
	if (facts->ready_ms.unknown && history_why_unknown(&boot))
		facts->ready_ms.unknown = history_why_unknown(&boot);
	else if (facts->ready_ms.unknown)
		set_not_ready(&boot, facts);
	return 0;
}
