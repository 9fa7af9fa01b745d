/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TEXT_H
#define CRNG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies text of any origin to out (size bytes, always NUL-terminated when size > 0) so
 * that it is one line of valid UTF-8 that no terminal acts upon: control characters (C0,
 * DEL, C1), bidirectional overrides, the backslash and bytes that are not UTF-8 become
 * \xNN, byte by byte. Stops before the first character that no longer fits. Returns the
 * length of the result in bytes.
 */
size_t text_escape(char *out, size_t size, const char *in, size_t len);

/*
 * The length in bytes of the character at text, of which len bytes are there, in the
 * encoding of the locale; *columns is its width on a terminal: 2 for a Chinese character,
 * 0 for a combining one. A byte that does not begin a character counts as one of 1
 * column.
 */
size_t text_character(const char *text, size_t len, unsigned int *columns);

/*
 * The number of single-character edits between a and b (Levenshtein), for "did you mean".
 * Both must be shorter than 32 bytes; else the result is 32.
 */
size_t text_distance(const char *a, const char *b);

/* Looks for the name that was meant by a word. */
struct text_nearest {
	const char *word;
	const char *name; /* the most similar one so far, which must live on; or NULL */
	size_t distance;
};

/*
 * Offers a name, which wins if it is similar to the word, and more so than those before
 * it. Similar are names that begin with the word, that differ from it in a few edits (1
 * of up to 2 letters, 2 of up to 7, 3 of more), or only in upper and lower case.
 */
void text_nearest_offer(struct text_nearest *nearest, const char *name);

/* Do the len bytes of text end with the suffix, and are longer than it? */
bool text_ends_with(const char *text, size_t len, const char *suffix);

/*
 * What an error of errno.h means, as a static string. strerror(3) would use a buffer of
 * its own for a number that libc does not know, and a sandbox may return any number.
 */
const char *text_error(int error);

#endif
