/* SPDX-License-Identifier: MIT */
/*
 * Where we run. The RNG is the kernel's: what is said in a container is the host's state,
 * and what could be changed is to be changed there.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "boot-time.h"
#include "collect.h"
#include "io.h"

enum { UPTIME_MAX = INT32_MAX }; /* seconds: 68 years */

/* A file whose text tells a kind; without needle it is enough that the file is there. */
struct sign {
	const char *path, *needle, *kind;
};

static const struct sign containers[] = {
	{ "/proc/version", "Sun Jan 10 15:06:54 PST 2016", "gvisor" },
	{ "/proc/vz", NULL, "openvz" },
	{ "/run/.containerenv", NULL, "podman" },
	{ "/.dockerenv", NULL, "docker" },
	{ "/proc/1/cgroup", "kubepods", "kubernetes" },
	{ "/proc/1/cgroup", "/docker/", "docker" },
	{ "/proc/1/cgroup", "/lxc", "lxc" },
};

/* The files have no NUL but a device tree's, whose strings end with one each. */
static bool contains(char *text, size_t len, const char *needle)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	return strstr(text, needle) != NULL;
}

/* *read becomes true where the sign's text was there to be compared. */
static bool applies(int root, const struct sign *sign, bool *read)
{
	char text[16384];

	if (!sign->needle)
		return collect_exists(root, sign->path) == 1;

	long len = io_read_in(root, sign->path, text, sizeof(text));

	*read |= len > 0;
	return len > 0 && contains(text, (size_t)len, sign->needle);
}

/* It is none of them only if there was something to tell. */
static void identify(int root, const struct sign *signs, size_t count, struct fact *fact)
{
	bool read = false;

	for (size_t i = 0; i < count; i++) {
		if (applies(root, &signs[i], &read)) {
			fact_text(fact, signs[i].kind);
			return;
		}
	}

	const char *gap = read ? NULL : collect_gap(root, "/proc/sys");

	if (read)
		fact_text(fact, "none");
	else
		fact_unknown(fact, gap ? gap : "nothing that would tell can be read");
}

/* systemd, podman and others write the kind where systemd looks for it. */
static void collect_container(int root, struct facts *facts)
{
	struct fact *fact = &facts->container;

	collect_text(root, "/run/systemd/container", fact);
	if (fact->unknown || fact->text[0] == '\0')
		identify(root, containers, sizeof(containers) / sizeof(*containers),
			 fact);
}

/*
 * Suspend counts: the clock of the wall went on meanwhile. The difference is taken in
 * nanoseconds, so that two reports of one boot do not differ by a second.
 */
static void times_now(struct facts *facts)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	fact_number(&facts->uptime, (uint64_t)boot.tv_sec);

	time_t since = wall.tv_sec - boot.tv_sec - (wall.tv_nsec < boot.tv_nsec);

	if (since >= 0)
		fact_number(&facts->boot_time, (uint64_t)since);
	else
		fact_unknown(&facts->boot_time, "the clock is not set");
}

static void times_captured(int root, struct facts *facts)
{
	int64_t since = boot_time_captured(root);
	char text[32];
	uint64_t number;

	if (since >= 0)
		fact_number(&facts->boot_time, (uint64_t)since);
	else
		fact_unknown(&facts->boot_time, since == -ENODATA
							? "/proc/stat does not tell it"
							: collect_why((int)-since));

	long len = io_read_in(root, "/proc/uptime", text, sizeof(text));
	if (len >= 0)
		text[strcspn(text, ". \n")] = '\0';
	if (len < 0)
		fact_unknown(&facts->uptime, collect_why((int)-len));
	else if (parse_digits(text, &number) || number > UPTIME_MAX)
		fact_unknown(&facts->uptime, "not a number of seconds");
	else
		fact_number(&facts->uptime, number);
}

void collect_environment(int root, struct facts *facts)
{
	collect_container(root, facts);
	if (root == IO_LIVE_ROOT)
		times_now(facts);
	else
		times_captured(root, facts);
}
