/* SPDX-License-Identifier: MIT */
/*
 * What --chars means. A password from the letters of a word, such as "digits", is weak
 * and looks like any other, so only text that starts with "set:" stands for itself.
 */
#include "bytes/charset.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DIGIT "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PUNCT "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

#define LITERAL "set:"

struct class
{
	const char *name, *set;
};

static const struct class classes[] = {
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
	{ NULL, NULL },
};

/* Those of isalnum(3) and its like, except those with a blank or control characters. */
static const struct class posix_classes[] = {
	{ "alnum", DIGIT UPPER LOWER },
	{ "alpha", UPPER LOWER },
	{ "digit", DIGIT },
	{ "graph", DIGIT UPPER LOWER PUNCT },
	{ "lower", LOWER },
	{ "punct", PUNCT },
	{ "upper", UPPER },
	{ "xdigit", DIGIT "ABCDEFabcdef" },
	{ NULL, NULL },
};

const char *charset_class(size_t i)
{
	return classes[i].name;
}

static const char *find(const struct class *list, const char *name, size_t len)
{
	while (list->name &&
	       (strncmp(list->name, name, len) != 0 || list->name[len] != '\0'))
		list++;
	return list->set;
}

static bool has(const struct charset *set, char c)
{
	return memchr(set->of, c, set->size) != NULL;
}

static void add(struct charset *set, char c)
{
	if (!has(set, c))
		set->of[set->size++] = (uint8_t)c;
}

static void add_all(struct charset *set, const char *characters)
{
	while (*characters)
		add(set, *characters++);
}

/* What kind of character it is: the class that a range must stay in; NULL: none. */
static const char *kind(char c)
{
	static const char *const kinds[] = { DIGIT, LOWER, UPPER, PUNCT };

	for (size_t i = 0; c && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strchr(kinds[i], c))
			return kinds[i];
	return NULL;
}

static bool is_punct(char c)
{
	return c && strchr(PUNCT, c);
}

static bool is_range(const char *at)
{
	return at[0] && at[1] == '-' && at[2];
}

static int parse_literal(struct charset *set, const char *at, char *why)
{
	for (; *at; at++) {
		if (has(set, *at)) {
			snprintf(why, CHARSET_WHY_MAX,
				 "'%c' occurs twice, and would be drawn twice as often",
				 *at);
			return -EINVAL;
		}
		add(set, *at);
	}
	return 0;
}

/* From '!' to '~' a range may hold all kinds; else both its ends are of one kind. */
static int add_range(struct charset *set, const char *at, char *why)
{
	const char *from = kind(at[0]), *to = kind(at[2]);

	if (!from || from != to) {
		snprintf(why, CHARSET_WHY_MAX,
			 "the ends of the range '%.3s' must both be digits, lower-case "
			 "letters, upper-case letters or punctuation; write a literal "
			 "'-' last",
			 at);
		return -EINVAL;
	}
	if (at[0] > at[2]) {
		snprintf(why, CHARSET_WHY_MAX, "the range '%.3s' is reversed", at);
		return -EINVAL;
	}
	for (int c = at[0]; c <= at[2]; c++)
		add(set, (char)c);
	return 0;
}

/* Reads "[:digit:]" and moves *at past it. */
static int add_posix_class(struct charset *set, const char **at, char *why)
{
	const char *name = *at + 2, *end = strstr(name, ":]");
	const char *all = end ? find(posix_classes, name, (size_t)(end - name)) : NULL;

	if (!all) {
		snprintf(
			why, CHARSET_WHY_MAX,
			"'%.*s' is not one of [:alnum:], [:alpha:], [:digit:], [:graph:], "
			"[:lower:], [:punct:], [:upper:] or [:xdigit:]",
			end ? (int)(end - *at + 2) : (int)strlen(*at), *at);
		return -EINVAL;
	}
	add_all(set, all);
	*at = end + 2;
	return 0;
}

/* A letter that stands alone is more likely part of a word, as in "lower-case". */
static int add_alone(struct charset *set, char c, char *why)
{
	if (is_punct(c) && c != '\\') {
		add(set, c);
		return 0;
	}
	snprintf(why, CHARSET_WHY_MAX,
		 "'%c' stands alone among ranges; write literal characters as in "
		 "set:ACGT",
		 c);
	return -EINVAL;
}

static bool begins_range(const char *at)
{
	return is_range(at) || (at[0] == '[' && at[1] == ':');
}

static int parse_ranges(struct charset *set, const char *at, char *why)
{
	const char *start = at;
	int rc = 0;

	if (at[0] == '[' && at[1] != ':' && at[strlen(at) - 1] == ']') {
		snprintf(why, CHARSET_WHY_MAX,
			 "brackets are only for classes such as [:alpha:]; write ranges "
			 "without them, as in a-z0-9");
		return -EINVAL;
	}
	while (*at && rc == 0) {
		if (at[0] == '[' && at[1] == ':') {
			rc = add_posix_class(set, &at, why);
		} else if (is_range(at)) {
			rc = add_range(set, at, why);
			at += 3;
		} else if (*at == '+' && at > start && begins_range(at + 1)) {
			snprintf(why, CHARSET_WHY_MAX,
				 "'+' joins only classes; ranges are written side by "
				 "side, as in a-z0-9");
			rc = -EINVAL;
		} else {
			rc = add_alone(set, *at++, why);
		}
	}
	return rc;
}

static bool holds_range(const char *text)
{
	for (; *text; text++)
		if (begins_range(text))
			return true;
	return false;
}

static int parse_classes(struct charset *set, const char **word, size_t *len)
{
	for (;; *word += *len + 1) {
		*len = strcspn(*word, "+");

		const char *all = *len > 0 ? find(classes, *word, *len) : NULL;

		if (!all)
			return -ENOENT;
		add_all(set, all);
		if ((*word)[*len] == '\0')
			return 0;
	}
}

int charset_parse(struct charset *set, const char *text, const char **word, size_t *len,
		  char why[CHARSET_WHY_MAX])
{
	int rc;

	*set = (struct charset){ .size = 0 };
	*word = text;
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at >= 128) {
			snprintf(why, CHARSET_WHY_MAX,
				 "not ASCII: a set can hold only ASCII characters");
			return -EINVAL;
		}
	}
	if (strncmp(text, LITERAL, strlen(LITERAL)) == 0)
		rc = parse_literal(set, text + strlen(LITERAL), why);
	else if (holds_range(text) || text[0] == '[')
		rc = parse_ranges(set, text, why);
	else
		rc = text[0] ? parse_classes(set, word, len) : 0;
	if (rc != 0 || set->size >= 2)
		return rc;
	snprintf(why, CHARSET_WHY_MAX, "%s: a set needs at least two",
		 set->size == 0 ? "no character" : "only one character");
	return -EINVAL;
}
