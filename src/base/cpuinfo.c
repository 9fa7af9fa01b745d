/* SPDX-License-Identifier: MIT */
/* Lines and words of /proc/cpuinfo. */
#include "base/cpuinfo.h"

#include <string.h>

bool cpuinfo_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		list += strspn(list, " \t");

		size_t n = strcspn(list, " \t");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

bool cpuinfo_value(const char *cpuinfo, const char *key, char *value, size_t size)
{
	size_t len = strlen(key);

	for (const char *line = cpuinfo; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) != 0)
			continue;

		const char *colon = line + len + strspn(line + len, " \t");

		if (*colon != ':')
			continue;
		colon++;
		colon += strspn(colon, " \t");
		size_t n = strcspn(colon, "\n");

		n = n < size ? n : size - 1;
		memcpy(value, colon, n);
		value[n] = '\0';
		return true;
	}
	return false;
}
