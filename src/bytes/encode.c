/* SPDX-License-Identifier: MIT */
/*
 * Bytes as text, RFC 4648, sixteen digits at a time: bits are moved and compared, nothing
 * is looked up. That is for speed. It also means that no table is indexed by a secret,
 * but that is not an aim here: the text is written out for everyone to read a moment
 * later.
 */
#include "bytes/encode.h"

#include <endian.h>
#include <string.h>

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Where the CPU has no vectors gcc warns about calls that pass them; all are inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"

enum { WORDS = 2, DIGITS = 8 * WORDS }; /* in a vector */

/*
 * Vectors of gcc and clang: SSE2, NEON or whatever the build is for, and plain code on
 * other CPUs. gcc splits wider ones badly where AVX2 is not enabled.
 */
typedef uint64_t words __attribute__((vector_size(8 * WORDS)));
typedef int8_t digits __attribute__((vector_size(DIGITS)));

/*
 * Takes the lowest 2 * bits bits of every lane apart: moves their upper half to the
 * bottom of the lane and their lower half to its middle, so that the first digits are
 * lowest.
 */
static ALWAYS_INLINE words split(words x, unsigned int lane, unsigned int bits)
{
	uint64_t every_lane = ~UINT64_C(0) / (~UINT64_C(0) >> (64 - lane));
	uint64_t low = every_lane * ((UINT64_C(1) << bits) - 1);

	return (x >> bits & low) | (x & low) << lane / 2;
}

/* Splits WORDS * bits bytes into DIGITS numbers of bits bits; reads 8 - bits more. */
static ALWAYS_INLINE digits load(const uint8_t *bytes, unsigned int bits)
{
	words x;

	for (unsigned int i = 0; i < WORDS; i++) {
		uint64_t word;

		memcpy(&word, bytes + i * bits, sizeof(word));
		x[i] = be64toh(word) >> (64 - 8 * bits);
	}
	x = split(x, 64, 4 * bits);
	x = split(x, 32, 2 * bits);
	x = split(x, 16, bits);
	for (unsigned int i = 0; i < WORDS; i++)
		x[i] = htole64(x[i]);
	return (digits)x;
}

/*
 * Numbers become characters: they are moved wherever the alphabet has a gap. A comparison
 * gives -1 or 0 in every byte; the order of the additions keeps all results from -128 to
 * 127.
 */
static ALWAYS_INLINE digits to_hex(digits x)
{
	return x + ((x > 9) & ('a' - '0' - 10)) + '0';
}

static ALWAYS_INLINE digits to_base32(digits x)
{
	return x - ((x > 25) & ('A' - '2' + 26)) + 'A';
}

static ALWAYS_INLINE digits to_alnum(digits x)
{
	return x - ((x > 51) & ('a' - '0' + 26)) + ((x > 25) & ('a' - 'A' - 26)) + 'A';
}

static ALWAYS_INLINE digits to_base64(digits x)
{
	return to_alnum(x) - ((x > 61) & ('0' + 10 - '+')) + ((x > 62) & ('/' - '+' - 1));
}

static ALWAYS_INLINE digits to_base64url(digits x)
{
	return to_alnum(x) - ((x > 61) & ('0' + 10 - '-')) + ((x > 62) & ('_' - '-' - 1));
}

static ALWAYS_INLINE void encode_vector(char *text, const uint8_t *bytes,
					unsigned int bits, digits (*map)(digits))
{
	digits characters = map(load(bytes, bits));

	memcpy(text, &characters, sizeof(characters));
}

/*
 * Writes digits of bits bits each, in groups of group digits. The last digit is filled up
 * with zero bits, and the last group with '='; a group of 1 digit needs none.
 */
static ALWAYS_INLINE size_t encode(char *text, const uint8_t *bytes, size_t n,
				   unsigned int bits, unsigned int group,
				   digits (*map)(digits))
{
	const size_t step = WORDS * bits;
	uint8_t rest[8 * WORDS] = { 0 };
	char vector[DIGITS] = { 0 }, *at = text;

	for (; n >= step + 8 - bits; n -= step, bytes += step, at += DIGITS)
		encode_vector(at, bytes, bits, map);
	while (n > 0) {
		size_t part = n < step ? n : step;
		size_t len = (part * 8 + bits - 1) / bits;

		memset(rest, 0, sizeof(rest));
		memcpy(rest, bytes, part);
		encode_vector(vector, rest, bits, map);
		while (len % group != 0)
			vector[len++] = '=';
		memcpy(at, vector, len);
		at += len;
		bytes += part;
		n -= part;
	}
	/* Wipe what the last round has left, in the vector registers, too. */
	explicit_bzero(rest, sizeof(rest));
	encode_vector(vector, rest, bits, map);
	explicit_bzero(vector, sizeof(vector));
	return (size_t)(at - text);
}

static size_t encode_hex(char *text, const uint8_t *bytes, size_t n)
{
	return encode(text, bytes, n, 4, 2, to_hex);
}

static size_t encode_base64(char *text, const uint8_t *bytes, size_t n)
{
	return encode(text, bytes, n, 6, 4, to_base64);
}

static size_t encode_base64url(char *text, const uint8_t *bytes, size_t n)
{
	return encode(text, bytes, n, 6, 1, to_base64url);
}

static size_t encode_base32(char *text, const uint8_t *bytes, size_t n)
{
	return encode(text, bytes, n, 5, 8, to_base32);
}

static size_t encode_same(char *text, const uint8_t *bytes, size_t n)
{
	memcpy(text, bytes, n);
	return n;
}

/* RFC 4648; hex needs no padding, and tokens in URLs are written without it (JWT). */
const struct encoding encodings[] = {
	{ "hex", 1, 2, encode_hex },
	{ "base64", 3, 4, encode_base64 },
	{ "base64url", 3, 4, encode_base64url },
	{ "base32", 5, 8, encode_base32 },
	{ NULL, 0, 0, NULL },
};

const struct encoding encoding_chars = { "chars", 1, 1, encode_same };

const struct encoding *encoding_find(const char *name)
{
	const struct encoding *encoding = encodings;

	while (encoding->name && strcmp(encoding->name, name) != 0)
		encoding++;
	return encoding->name ? encoding : NULL;
}

size_t encoding_length(const struct encoding *encoding, size_t n)
{
	return (n + encoding->in - 1) / encoding->in * encoding->out;
}
