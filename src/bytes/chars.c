/* SPDX-License-Identifier: MIT */
/* Random characters for passwords and names: without the bias of "byte modulo size". */
#include "bytes/chars.h"

#include <stdbool.h>
#include <string.h>

#define DIGIT "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PUNCT "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

static const struct {
	const char *name, *set;
} classes[] = {
	{ "alnum", DIGIT UPPER LOWER },
	{ "alpha", UPPER LOWER },
	{ "digit", DIGIT },
	{ "lower", LOWER },
	{ "upper", UPPER },
	{ "punct", PUNCT },
	{ "graph", DIGIT UPPER LOWER PUNCT },
	{ "hex", DIGIT "abcdef" },
	/* Without 0, O, I and l, as in Bitcoin. */
	{ "base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz" },
};

void chars_init(struct chars *chars, const uint8_t *set, size_t n)
{
	chars->limit = (unsigned int)(256 - 256 % n);
	for (size_t i = 0; i < 256; i++)
		chars->of[i] = set[i % n];
}

/* The characters of the class of that name, or the name itself. */
static const char *expand_class(const char *name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(name, classes[i].name) == 0)
			return classes[i].set;
	}
	return name;
}

const char *chars_parse(struct chars *chars, const char *text)
{
	const uint8_t *set = (const uint8_t *)expand_class(text);
	bool seen[128] = { false };
	size_t n = 0;

	for (; set[n]; n++) {
		if (set[n] >= 128)
			return "not ASCII: only 7-bit characters can be drawn";
		if (seen[set[n]])
			return "a character is there twice and would be drawn twice as often";
		seen[set[n]] = true;
	}
	if (n == 0)
		return "no character to draw";
	chars_init(chars, set, n);
	return NULL;
}

size_t chars_filter(const struct chars *chars, uint8_t *bytes, size_t n)
{
	const unsigned int limit = chars->limit;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t byte = bytes[i];

		bytes[kept] = chars->of[byte];
		kept += byte < limit;
	}
	return kept;
}
