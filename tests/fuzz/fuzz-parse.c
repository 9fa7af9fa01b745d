/* SPDX-License-Identifier: MIT */
/* The parsers of sizes, durations and sets, and the escaping of foreign text. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "bytes/charset.h"

enum { INPUT_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_numbers(const char *text)
{
	uint64_t size;
	int64_t ns;

	/* Only text that begins like a number is one. */
	if (number_size(text, &size) == 0 && !strchr("0123456789i", text[0]))
		abort();
	if (number_duration(text, &ns) == 0 &&
	    (ns < 0 || !strchr("0123456789.i", text[0])))
		abort();
}

/* A set has different characters, and at least two; a word is part of the text. */
static void check_set(const char *text)
{
	char why[CHARSET_WHY_MAX];
	struct charset set;
	const char *word;
	size_t len;
	int rc = charset_parse(&set, text, &word, &len, why);

	if (rc == -ENOENT && word + len > text + strlen(text))
		abort();
	if (rc != 0)
		return;
	if (set.size < 2 || set.size > sizeof(set.of))
		abort();
	for (size_t i = 0; i < set.size; i++)
		if (set.of[i] >= 128 ||
		    memchr(set.of + i + 1, set.of[i], set.size - i - 1))
			abort();
}

static void check_text(const char *text, size_t len, size_t room)
{
	char out[4 * INPUT_MAX + 1];
	size_t n = text_escape(out, room, text, len);

	if (room > 0 && (n >= room || out[n] != '\0' || strlen(out) != n))
		abort();
	for (size_t i = 0; i < (room > 0 ? n : 0); i++)
		if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char text[INPUT_MAX + 1];

	if (len > INPUT_MAX)
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	check_numbers(text);
	check_set(text);
	for (size_t room = 0; room < 20; room++)
		check_text(text, len, room);
	check_text(text, len, 4 * INPUT_MAX + 1);
	text[len > 31 ? 31 : len] = '\0';
	text_distance(text, "status");
	return 0;
}
