/* SPDX-License-Identifier: MIT */
/*
 * Bytes as text, RFC 4648. The text is written out for everyone to read a moment later,
 * so nothing is lost by tables whose cache lines depend on the bytes.
 */
#include "encode.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static size_t encode_hex(char *text, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = hex_digits[bytes[i] >> 4];
		text[2 * i + 1] = hex_digits[bytes[i] & 15];
	}
	return 2 * n;
}

/*
 * The general form: a group of in bytes is cut into out digits of bits each. The short
 * group at the end is filled up with zero bits, and with '=' to whole groups.
 */
static size_t encode_group(char *text, const uint8_t *bytes, size_t n, const char *digits,
			   unsigned int in, unsigned int bits)
{
	unsigned int out = in * 8 / bits;
	uint64_t value = 0;

	for (unsigned int i = 0; i < in; i++)
		value = value << 8 | (i < n ? bytes[i] : 0);
	for (unsigned int i = 0; i < out; i++) {
		unsigned int shift = bits * (out - 1 - i);

		text[i] = digits[value >> shift & ((1u << bits) - 1)];
		if (i * bits >= n * 8)
			text[i] = '=';
	}
	return out;
}

static size_t encode_all(char *text, const uint8_t *bytes, size_t n, const char *digits,
			 unsigned int in, unsigned int bits)
{
	char *at = text;

	for (; n > in; n -= in, bytes += in)
		at += encode_group(at, bytes, in, digits, in, bits);
	if (n > 0)
		at += encode_group(at, bytes, n, digits, in, bits);
	return (size_t)(at - text);
}

static size_t encode_base64(char *text, const uint8_t *bytes, size_t n)
{
	return encode_all(text, bytes, n, base64_digits, 3, 6);
}

static size_t encode_base64url(char *text, const uint8_t *bytes, size_t n)
{
	return encode_all(text, bytes, n, base64url_digits, 3, 6);
}

static size_t encode_base32(char *text, const uint8_t *bytes, size_t n)
{
	return encode_all(text, bytes, n, base32_digits, 5, 5);
}

const struct encoding encodings[] = {
	{ "hex", "two lower-case hexadecimal digits a byte", 1, 2, encode_hex },
	{ "base64", "RFC 4648, padded", 3, 4, encode_base64 },
	{ "base64url", "the same for URLs and file names, padded", 3, 4,
	  encode_base64url },
	{ "base32", "RFC 4648, padded", 5, 8, encode_base32 },
	{ NULL, NULL, 0, 0, NULL },
};

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

size_t encode_wrap(char *lines, const char *text, size_t n, uint64_t columns,
		   uint64_t *column)
{
	char *at = lines;

	while (n > 0) {
		if (*column == columns) {
			*at++ = '\n';
			*column = 0;
		}
		uint64_t room = columns - *column;
		size_t part = n < room ? n : (size_t)room;

		memcpy(at, text, part);
		at += part;
		text += part;
		n -= part;
		*column += part;
	}
	return (size_t)(at - lines);
}
