/* SPDX-License-Identifier: MIT */
/*
 * Entropy daemons that run. They are recognised by the name in /proc/PID/comm, which is
 * cut at 15 bytes and can be anything, so it is only compared with known names.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"
#include "status/collect/systemd.h"

enum { UNITS = 3, PROCESSES_MAX = 65536 };

/* A program that gathers entropy in user space; rngd passes on what /dev/hwrng gives. */
struct daemon {
	const char *comm, *name;
	const char *units[UNITS]; /* as the packages of Debian and Fedora name them */
};

static const struct daemon daemons[] = {
	{ "haveged", "haveged", { "haveged.service" } },
	{ "rngd",
	  "rngd",
	  { "rngd.service", "rng-tools.service", "rng-tools-debian.service" } },
	{ "jitterentropy-r", "jitterentropy-rngd", { "jitterentropy.service" } },
	{ "urngd", "urngd", { NULL } },
	{ "egd", "egd", { NULL } },
};

enum { DAEMONS = sizeof(daemons) / sizeof(*daemons) };

struct found {
	bool daemon[DAEMONS];
	unsigned int seen;
};

static void mark(struct found *found, const char *comm)
{
	for (size_t i = 0; i < DAEMONS; i++)
		found->daemon[i] |= strcmp(daemons[i].comm, comm) == 0;
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
	mark(found, comm);
}

/* The installed unit. A captured tree has no units, so the usual name must do. */
static const char *unit_of(int root, const struct daemon *daemon)
{
	for (size_t i = 0; i < UNITS && daemon->units[i]; i++)
		if (systemd_has_unit(root, daemon->units[i]))
			return daemon->units[i];
	return root == ROOT_LIVE ? NULL : daemon->units[0];
}

static void list(int root, const struct found *found, struct facts *facts)
{
	fact_text(&facts->daemons, "none");
	fact_text(&facts->daemon_units, "none");
	for (size_t i = 0; i < DAEMONS; i++) {
		if (!found->daemon[i])
			continue;

		const char *unit = unit_of(root, &daemons[i]);

		fact_add_word(&facts->daemons, daemons[i].name);
		fact_add_word(&facts->daemon_units, unit ? unit : "-");
	}
}

void collect_daemons(int root, struct facts *facts)
{
	struct found found = { .seen = 0 };
	int rc = read_names(root, "/proc", visit, &found);

	const char *gap = found.seen > 0 ? NULL : read_gap(root, "/proc/sys");

	if (found.seen > 0)
		list(root, &found, facts);
	else
		facts->daemons.unknown = gap	  ? gap
					 : rc < 0 ? text_error(-rc)
						  : "/proc lists no processes";
}
