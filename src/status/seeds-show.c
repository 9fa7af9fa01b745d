/* SPDX-License-Identifier: MIT */
/* Reads what "systemctl show" prints: lines of NAME=VALUE, lists of quoted words. */
#include "status/seeds-show.h"

#include <stdio.h>
#include <string.h>

const char *show_property(const char *text, const char *name, size_t *len)
{
	size_t n = strlen(name);

	while (*text) {
		size_t line = strcspn(text, "\n");

		if (line > n && strncmp(text, name, n) == 0 && text[n] == '=') {
			*len = line - n - 1;
			return text + n + 1;
		}
		text += line + (text[line] == '\n');
	}
	*len = 0;
	return text;
}

bool show_is(const char *text, const char *name, const char *value)
{
	size_t len;
	const char *at = show_property(text, name, &len);

	return len == strlen(value) && strncmp(at, value, len) == 0;
}

/*
 * Copies the next word of the list that ends at end, without quotes and backslashes, cut
 * to size, and moves *at past it. Returns false at the end.
 */
static bool next_word(const char **at, const char *end, char *word, size_t size)
{
	bool quoted = false;
	size_t len = 0;

	while (*at < end && **at == ' ')
		++*at;
	if (*at == end)
		return false;
	for (; *at < end && (quoted || **at != ' '); ++*at) {
		if (**at == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && **at == '\\' && *at + 1 < end)
			++*at;
		if (len < size - 1)
			word[len++] = **at;
	}
	word[len] = '\0';
	return true;
}

bool show_variable(const char *text, const char *list, char *value, size_t size)
{
	static const char name[] = SHOW_VARIABLE;
	const size_t n = sizeof(name) - 1;
	char word[SHOW_WORD_BYTES];
	size_t len;
	const char *at = show_property(text, list, &len), *end = at + len;
	bool found = false;

	while (next_word(&at, end, word, sizeof(word))) {
		if (strncmp(word, name, n) != 0 || (word[n] != '=' && word[n] != '\0'))
			continue;
		snprintf(value, size, "%s", word[n] ? word + n + 1 : "");
		found = true;
	}
	return found;
}

bool show_has(const char *text, const char *list, const char *word)
{
	char each[SHOW_WORD_BYTES];
	size_t len;
	const char *at = show_property(text, list, &len), *end = at + len;

	while (next_word(&at, end, each, sizeof(each)))
		if (strcmp(each, word) == 0)
			return true;
	return false;
}
