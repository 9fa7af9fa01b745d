/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ENCODE_H
#define CRNG_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A text form of bytes. A group of in bytes becomes out characters; only the last group
 * of a text may be short, and is then padded with '=' where the form demands it (RFC
 * 4648).
 */
struct encoding {
	const char *name;
	unsigned int in, out;

	/* Writes the text of n bytes to text; returns its length. No NUL, no newline. */
	size_t (*encode)(char *text, const uint8_t *bytes, size_t n);
};

/* All forms, ended by one whose name is NULL. */
extern const struct encoding encodings[];

/* For units that are characters already: copies them. */
extern const struct encoding encoding_chars;

/* The form of that name, or NULL. */
const struct encoding *encoding_find(const char *name);

/* The most characters that the text of n bytes can have, padding included. */
size_t encoding_length(const struct encoding *encoding, size_t n);

#endif
