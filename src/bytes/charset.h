/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHARSET_H
#define CRNG_CHARSET_H

#include <stddef.h>
#include <stdint.h>

/* The characters that a user named, each of them once. */
struct charset {
	uint8_t of[128];
	size_t size;
};

/* The names of the classes (alnum, hex, base58); NULL past the last one. */
const char *charset_class(size_t i);

enum { CHARSET_WHY_MAX = 200 };

/*
 * Reads a set of at least two characters, all of them ASCII:
 *   alnum, alnum+punct         the characters of all these classes
 *   a-z, A-Z2-7, a-z0-9_       ranges as in tr(1); other characters that stand alone may
 *                              be punctuation, but not letters or digits
 *   [:alpha:][:digit:]_        POSIX classes, alone or among ranges
 *   set:ACGT                   these characters themselves, each once
 * Nothing that looks like a word is taken for its letters. Returns 0; -ENOENT where text
 * is a word that is no class, at *word (len bytes), which is part of the text; or -EINVAL
 * with the reason in why.
 */
int charset_parse(struct charset *set, const char *text, const char **word, size_t *len,
		  char why[CHARSET_WHY_MAX]);

#endif
