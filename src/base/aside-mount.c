/* SPDX-License-Identifier: MIT */
/*
 * If one file does not answer, no file of its file system will, and there is no time to
 * find that out one by one. /proc/self/mountinfo tells what is mounted where (proc(5)).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/aside-start.h"

/* Replaces the octal escapes of blanks, tabs, newlines and backslashes. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; to++) {
		unsigned int byte;

		if (sscanf(text, "\\%3o", &byte) == 1) {
			*to = (char)byte;
			text += strlen("\\040");
		} else {
			*to = *text++;
		}
	}
	*to = '\0';
}

static bool is_below(const char *path, const char *mount)
{
	size_t len = strlen(mount);

	return strncmp(path, mount, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

void aside_find_mount(char whom[ASK_NAME_MAX])
{
	char line[4096], mount[2 * ASK_NAME_MAX];
	size_t longest = 0;
	FILE *file = fopen("/proc/self/mountinfo", "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*d %*d %*s %*s %383s", mount) != 1)
			continue;
		unescape(mount);
		if (is_below(whom, mount) && strlen(mount) > longest)
			longest = strlen(mount);
	}
	if (file)
		fclose(file);
	if (longest > 0)
		whom[longest] = '\0';
}
