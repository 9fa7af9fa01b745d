/* SPDX-License-Identifier: MIT */
/* Units and containers, by which an administrator knows a process. */
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "status/waiters/proc-parse.h"

static bool is_unit(const char *name, size_t len)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket", ".mount",
						".swap" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (text_ends_with(name, len, suffixes[i]))
			return true;
	}
	return false;
}

static bool is_container(const char *name, size_t len)
{
	enum { CONTAINER_ID = 64 };
	static const char lxc[] = "lxc.payload.";
	size_t hex = 0;

	while (hex < len && number_digit(name[hex]) < 16 &&
	       !(name[hex] >= 'A' && name[hex] <= 'F'))
		hex++;
	return (hex == len && len == CONTAINER_ID) ||
	       (len >= sizeof(lxc) && memcmp(name, lxc, sizeof(lxc) - 1) == 0);
}

/* The innermost directory of path that is of the kind; NULL: none. */
static const char *innermost(const char *path, const char *end,
			     bool (*is_kind)(const char *, size_t), size_t *len)
{
	while (end > path) {
		const char *slash = memrchr(path, '/', (size_t)(end - path));
		const char *name = slash ? slash + 1 : path;

		*len = (size_t)(end - name);
		if (is_kind(name, *len))
			return name;
		end = slash ? slash : path;
	}
	return NULL;
}

bool proc_parse_cgroup(const char *text, size_t len, char *out, size_t size)
{
	const char *end = text + len;
	const char *best = NULL;
	size_t best_len = 0, n = 0;

	/* A unit in any hierarchy (1:name=systemd:/, 0::/) goes before a container. */
	for (const char *next; text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *path = memchr(text, '/', (size_t)(stop - text));
		const char *unit = path ? innermost(path, stop, is_unit, &n) : NULL;

		next = newline ? newline + 1 : end;
		if (unit) {
			best = unit;
			best_len = n;
			break;
		}
		if (path && !best)
			best = innermost(path, stop, is_container, &best_len);
	}
	text_escape(out, size, best ? best : "", best ? best_len : 0);
	return best != NULL;
}
