/* SPDX-License-Identifier: MIT */
/*
 * Programs that matter to a report: entropy daemons, and agents that watch entropy_avail.
 * They are told by the name in /proc/PID/comm, which is cut at 15 bytes and can be
 * anything, so it is only compared with names that are known.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "collect.h"
#include "io.h"

enum { NAMES = 12, PROCESSES_MAX = 65536 };

struct found {
	bool daemon[NAMES], monitor[NAMES];
	unsigned int seen;
};

/* Gather entropy in userspace; rngd hands on what /dev/hwrng gives. */
static const char *const daemons[NAMES] = {
	"haveged", "rngd", "jitterentropy-r", "jitterentropy-rngd", "urngd", "egd",
};

static const char *const monitors[NAMES] = {
	"node_exporter", "prometheus-node", "collectd",	     "netdata",
	"munin-node",	 "telegraf",	    "zabbix_agentd", "zabbix_agent2",
	"nrpe",		 "check_mk_agent",  "datadog-agent", "sensu-agent",
};

static void mark(const char *const *names, bool *marks, const char *name)
{
	for (size_t i = 0; i < NAMES && names[i]; i++)
		marks[i] |= strcmp(names[i], name) == 0;
}

static void visit(int dir, const char *name, void *data)
{
	struct found *found = data;
	char path[32], comm[64];

	if (name[0] < '1' || name[0] > '9' || found->seen++ >= PROCESSES_MAX ||
	    (size_t)snprintf(path, sizeof(path), "%s/comm", name) >= sizeof(path))
		return;

	int fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, comm, sizeof(comm) - 1);

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return;
	comm[len] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	mark(daemons, found->daemon, comm);
	mark(monitors, found->monitor, comm);
}

static void set_list(const char *const *names, const bool *marks, struct fact *fact)
{
	char list[FACT_TEXT_MAX] = "";
	size_t at = 0;

	for (size_t i = 0; i < NAMES && names[i]; i++)
		if (marks[i])
			at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
					       at > 0 ? " " : "", names[i]);
	fact_text(fact, at > 0 ? list : "none");
}

/*
 * Once ready, nothing they do counts. Before, a kernel that seeds itself (5.4) needs them
 * only where it cannot: no cycle counter, or a device that is not credited (before 6.2).
 */
static void judge(struct facts *facts)
{
	if (fact_is(&facts->daemons, "none"))
		fact_unknown(&facts->daemons_useful, "none runs");
	else if (facts_ready(facts) && fact_yes(&facts->unified_random))
		fact_number(&facts->daemons_useful, false);
	else if (fact_yes(&facts->jitter_seeding))
		fact_number(&facts->daemons_useful,
			    fact_is(&facts->daemons, "rngd") &&
				    fact_no(&facts->hwrng_quality));
	else
		fact_number(&facts->daemons_useful, true);
}

void collect_processes(int root, struct facts *facts)
{
	struct found found = { .seen = 0 };
	int rc = collect_names(root, "/proc", visit, &found);

	const char *gap = found.seen > 0 ? NULL : collect_gap(root, "/proc/sys");

	if (found.seen == 0) {
		const char *why = gap	   ? gap
				  : rc < 0 ? collect_why(-rc)
					   : "no process is listed in /proc";

		fact_unknown(&facts->daemons, why);
		fact_unknown(&facts->monitors, why);
		fact_unknown(&facts->daemons_useful, why);
		return;
	}
	set_list(daemons, found.daemon, &facts->daemons);
	set_list(monitors, found.monitor, &facts->monitors);
	judge(facts);
}
