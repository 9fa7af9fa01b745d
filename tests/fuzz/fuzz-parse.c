/* SPDX-License-Identifier: MIT */
/* The parsers of sizes and durations, and the escaping of foreign text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

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
	for (size_t room = 0; room < 20; room++)
		check_text(text, len, room);
	check_text(text, len, 4 * INPUT_MAX + 1);
	text[len > 31 ? 31 : len] = '\0';
	text_distance(text, "status");
	return 0;
}
