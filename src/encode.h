/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ENCODE_H
#define CRNG_ENCODE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A text form of bytes. A group of in bytes becomes out characters; only the last group
 * of a text may be short, and is then padded with '=' where the form demands it (RFC
 * 4648).
 */
struct encoding {
	const char *name;
	const char *summary;
	unsigned int in, out;

	/* Writes the text of n bytes to text; returns its length. No NUL, no newline. */
	size_t (*encode)(char *text, const uint8_t *bytes, size_t n);
};

/* All forms, ended by one whose name is NULL. */
extern const struct encoding encodings[];

/* The form of that name, or NULL. */
const struct encoding *encoding_find(const char *name);

/* The length in characters of the text of n bytes, padding included. */
size_t encoding_length(const struct encoding *encoding, size_t n);

/*
 * Copies n characters to lines, with a newline in front of each one that would stand in a
 * column after the last (columns > 0). *column says where the text stood before and
 * stands now. Returns the number of characters written, at most 2 * n.
 */
size_t encode_wrap(char *lines, const char *text, size_t n, uint64_t columns,
		   uint64_t *column);

#endif
