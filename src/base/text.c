/* SPDX-License-Identifier: MIT */
/*
 * Arguments, process names and log lines come from outside. A user who names a process
 * could otherwise control the terminal of the administrator who looks at it, so all
 * foreign text passes through text_escape() before it is shown.
 */
#include "base/text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum { DISTANCE_MAX = 32 };

/* The length of the UTF-8 character at s (1 to 4) and its code point; 0: it is none. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	size_t n = s[0] < 0x80	       ? 1
		   : s[0] >> 5 == 0x06 ? 2
		   : s[0] >> 4 == 0x0e ? 3
		   : s[0] >> 3 == 0x1e ? 4
				       : 0;
	if (n == 0 || n > len)
		return 0;
	*point = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		*point = *point << 6 | (s[i] & 0x3fu);
	}
	bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
	return *point < least[n] || *point > 0x10ffff || surrogate ? 0 : n;
}

static bool is_harmless(uint32_t point)
{
	bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
	bool bidi = point == 0x061c || (point >= 0x200e && point <= 0x200f) ||
		    (point >= 0x2028 && point <= 0x202e) ||
		    (point >= 0x2066 && point <= 0x2069);

	return !control && !bidi && point != '\\';
}

size_t text_escape(char *out, size_t size, const char *in, size_t len)
{
	size_t at = 0;

	if (size == 0)
		return 0;
	while (len > 0) {
		uint32_t point;
		size_t n = decode((const unsigned char *)in, len, &point);
		bool plain = n > 0 && is_harmless(point);

		if (n == 0)
			n = 1;
		if (at + (plain ? n : 4 * n) >= size)
			break;
		if (plain) {
			memcpy(out + at, in, n);
			at += n;
		} else {
			for (size_t i = 0; i < n; i++, at += 4)
				snprintf(out + at, 5, "\\x%02x", (unsigned char)in[i]);
		}
		in += n;
		len -= n;
	}
	out[at] = '\0';
	return at;
}

size_t text_character(const char *text, size_t len, unsigned int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t n = mbrtowc(&wide, text, len, &state);
	bool known = n > 0 && n <= len && wcwidth(wide) >= 0;

	*columns = known ? (unsigned int)wcwidth(wide) : 1;
	return n > 0 && n <= len ? n : 1;
}

size_t text_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t row[DISTANCE_MAX + 1];

	if (la >= DISTANCE_MAX || lb >= DISTANCE_MAX)
		return DISTANCE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

/* Letters of either case are alike here; isalpha() would depend on the locale. */
static void lower(char out[DISTANCE_MAX], const char *in)
{
	size_t i = 0;

	for (; in[i] && i < DISTANCE_MAX - 1; i++)
		out[i] = (char)(in[i] >= 'A' && in[i] <= 'Z' ? in[i] - 'A' + 'a' : in[i]);
	out[i] = '\0';
}

void text_nearest_offer(struct text_nearest *nearest, const char *name)
{
	char a[DISTANCE_MAX], b[DISTANCE_MAX];
	size_t len = strlen(nearest->word);
	size_t most = len < 3 ? 1 : len < 8 ? 2 : 3;

	if (len == 0 || len >= DISTANCE_MAX)
		return;
	lower(a, nearest->word);
	lower(b, name);

	bool begins = len > 1 && strncmp(a, b, len) == 0;
	size_t distance = begins && a[len] != b[len] ? 1 : text_distance(a, b);

	if (distance <= most && distance < strlen(b) &&
	    (!nearest->name || distance < nearest->distance)) {
		nearest->name = name;
		nearest->distance = distance;
	}
}

bool text_ends_with(const char *text, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && memcmp(text + len - n, suffix, n) == 0;
}

const char *text_error(int error)
{
	const char *words = strerror(error);

	if (error == ETIMEDOUT)
		return "does not answer";
	/* glibc says "Unknown error 600", and musl "No error information". */
	if (strncmp(words, "Unknown", strlen("Unknown")) == 0 ||
	    strncmp(words, "No error", strlen("No error")) == 0)
		return "unknown error";
	return words;
}
