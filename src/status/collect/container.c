/* SPDX-License-Identifier: MIT */
/*
 * Is this a container? The kernel knows no containers, only namespaces and roots;
 * runtimes leave their names in files and control groups. Such a name is weighed against
 * where this process is.
 */
#include <string.h>

#include "base/root.h"
#include "status/collect/collectors.h"
#include "status/collect/place.h"
#include "status/collect/read.h"

enum { TEXT_MAX = 65536 };

/* Runtimes name themselves in a file of one line, or in the environment of PID 1. */
static bool is_told(int root, const char *path, struct fact_text *fact)
{
	read_text(root, path, fact);
	return !fact->unknown && fact->text[0] != '\0';
}

static bool is_in_environment(int root, struct fact_text *fact)
{
	static char text[TEXT_MAX];
	static const char name[] = "container=";
	long len = root_read(root, "/proc/1/environ", text, sizeof(text));

	for (char *at = text; at < text + len; at += strlen(at) + 1) {
		if (strncmp(at, name, sizeof(name) - 1) != 0 || !at[sizeof(name) - 1])
			continue;
		fact_text(fact, at + sizeof(name) - 1);
		return true;
	}
	return false;
}

static bool is_in_file(int root, const char *path, const char *needle)
{
	char text[FACT_TEXT_MAX * 2];

	return root_read(root, path, text, sizeof(text)) > 0 && strstr(text, needle);
}

/*
 * Kernels that are not Linux, or that virtual servers share: everything else that can be
 * seen belongs to them.
 */
static bool is_other_kernel(int root, struct fact_text *fact)
{
	const char *kind = NULL;

	if (is_in_file(root, "/proc/version", "Sun Jan 10 15:06:54 PST 2016"))
		kind = "gvisor";
	else if (is_in_file(root, "/proc/sys/kernel/osrelease", "icrosoft") ||
		 is_in_file(root, "/proc/sys/kernel/osrelease", "WSL"))
		kind = "wsl";
	else if (root_exists(root, "/proc/vz") == 1 && root_exists(root, "/proc/bc") == 0)
		kind = "openvz";
	if (kind)
		fact_text(fact, kind);
	return kind != NULL;
}

/*
 * Runtimes put containers into control groups of these names: our own, or those of PID 1.
 */
static bool is_in_group(int root, struct fact_text *fact)
{
	static const struct {
		const char *part, *kind;
	} groups[] = {
		{ "kubepods", "kubernetes" }, { "/docker/", "docker" },
		{ "/docker-", "docker" },     { "/libpod", "podman" },
		{ "/lxc/", "lxc" },	      { "/lxc.payload", "lxc" },
		{ "/crio-", "cri-o" },	      { "cri-containerd", "containerd" },
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (!place_in_group(root, "self", groups[i].part, false) &&
		    !place_in_group(root, "1", groups[i].part, false))
			continue;
		fact_text(fact, groups[i].kind);
		return true;
	}
	return false;
}

/* Files that a runtime puts into a container. They remain in images made from one. */
static bool is_marked(int root, struct fact_text *fact)
{
	static const struct {
		const char *path, *kind;
	} marks[] = {
		{ "/run/.containerenv", "podman" },
		{ "/.dockerenv", "docker" },
		{ "/.flatpak-info", "flatpak" },
		{ "/.singularity.d", "singularity" },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (root_exists(root, marks[i].path) != 1)
			continue;
		fact_text(fact, marks[i].kind);
		return true;
	}
	return false;
}

/*
 * Is it more isolated than a sandbox that still shows the files and processes of the
 * machine?
 */
static bool is_apart(const struct place *place)
{
	return place->own_pid ||
	       (place->own_mounts && (place->own_root || place->own_other));
}

/*
 * Nothing names a container, except perhaps a mark, which may be left over; so the place
 * decides.
 */
static void judge_place(const struct place *place, bool marked, struct fact_text *fact)
{
	if (place->own_pid || (place->own_mounts && place->own_root))
		fact_text(fact, "other");
	else if ((!place->own_other && !place->own_mounts) || (place->service && !marked))
		fact_text(fact, "none");
	else
		fact->unknown = "it has some namespaces of its own, but no PID "
				"namespace";
}

void collect_container(int root, struct facts *facts)
{
	struct fact_text *fact = &facts->container, mark;
	struct place place;

	if (is_other_kernel(root, fact))
		return;
	place_find(root, &place);

	bool apart = place.own_pid || place.own_other || place.own_mounts;
	bool named = is_told(root, "/run/systemd/container", fact) ||
		     is_told(root, "/run/host/container-manager", fact) ||
		     is_in_environment(root, fact) || is_in_group(root, fact);
	bool marked = is_marked(root, named ? &mark : fact);
	const char *gap = read_gap(root, "/proc/sys");

	if (named && place.known && !apart)
		fact->unknown = "there are signs of a container, but all namespaces "
				"are the machine's";
	else if (named)
		return;
	else if (!place.known)
		fact->unknown = gap ? gap : "its namespaces cannot be seen";
	else if (!(marked && is_apart(&place) && !place.disk))
		judge_place(&place, marked, fact);
}
