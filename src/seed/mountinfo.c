/* SPDX-License-Identifier: MIT */
/* Invariant: a line that is not understood is no mount. There are no system calls. */
#include "seed/mountinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The kernel writes blanks, newlines, backslashes and some others as \NNN. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) &&
		    is_octal(text[3])) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
					(text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* In the options of overlayfs, a comma in a path is escaped with a backslash. */
static void unquote(char *text)
{
	char *out = text;

	for (; *text; text++)
		if (text[0] != '\\' || text[1] != ',')
			*out++ = *text;
	*out = '\0';
}

static char *next_field(char **at)
{
	char *field = strsep(at, " \n");

	return field && *field ? field : NULL;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" */
bool mountinfo_parse(char *line, struct mountinfo *mount)
{
	char *at = line, *end;
	char *id = next_field(&at);
	char *fields[5];

	for (size_t i = 0; i < 5; i++)
		fields[i] = next_field(&at);

	if (!id || !fields[4] || !at)
		return false;

	/* There may be optional fields before the dash. */
	char *dash = strncmp(at, "- ", 2) == 0 ? at - 1 : strstr(at, " - ");

	if (!dash)
		return false;
	at = dash + 3;

	char *type = next_field(&at), *source = next_field(&at);
	char *super_options = next_field(&at);

	if (!type || !source || !super_options)
		return false;
	mount->id = strtoull(id, &end, 10);
	mount->parent = strtoull(fields[0], NULL, 10);
	unescape(fields[2]);
	unescape(fields[3]);
	unescape(source);
	mount->root = fields[2];
	mount->point = fields[3];
	mount->source = source;
	mount->options = fields[4];
	mount->super_options = super_options;
	return *end == '\0' &&
	       sscanf(fields[1], "%u:%u", &mount->major, &mount->minor) == 2;
}

/* The end of the option at this place: a comma, but not one with a backslash, or NUL. */
static size_t option_length(const char *at)
{
	size_t n = 0;

	while (at[n] && at[n] != ',')
		n += at[n] == '\\' && at[n + 1] ? 2 : 1;
	return n;
}

bool mountinfo_option(const char *options, const char *name, char *value, size_t size)
{
	size_t len = strlen(name), n;

	for (; *options; options += n + (options[n] == ',')) {
		n = option_length(options);
		if (n < len || strncmp(options, name, len) != 0)
			continue;
		if (n > len && options[len] != '=')
			continue;

		const char *from = options + len + (n > len), *end = options + n;
		if ((size_t)(end - from) >= size)
			return false;
		memcpy(value, from, (size_t)(end - from));
		value[end - from] = '\0';
		unescape(value);
		unquote(value);
		return true;
	}
	return false;
}

/* "/" is the only mount point that ends with a slash. */
static size_t point_length(const struct mountinfo *mount)
{
	return strcmp(mount->point, "/") == 0 ? 0 : strlen(mount->point);
}

bool mountinfo_covers(const struct mountinfo *mount, const char *path)
{
	size_t len = point_length(mount);

	return strncmp(path, mount->point, len) == 0 && (path[len] == '/' || !path[len]);
}

bool mountinfo_inside(const struct mountinfo *mount, const char *path, char *inside,
		      size_t size)
{
	const char *root = strcmp(mount->root, "/") == 0 ? "" : mount->root;

	return snprintf(inside, size, "%s%s", root, path + point_length(mount)) <
	       (int)size;
}
