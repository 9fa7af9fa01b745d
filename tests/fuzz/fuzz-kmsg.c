/* SPDX-License-Identifier: MIT */
/*
 * The parsers of the kernel log: each form of a record, and the messages of the RNG. The
 * first byte of the input chooses the form, so that the corpus keeps inputs for each.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "status/timeline/kmsg.h"
#include "status/timeline/timeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int is_true)
{
	if (!is_true)
		abort();
}

/* The text has no control characters, and no escape that is cut in half. */
static void check_event(const char *text, size_t len)
{
	struct timeline_event event;

	if (!timeline_parse_text(text, len, &event))
		return;
	require(event.kind < TIMELINE_KINDS);
	require(memchr(event.who, '\0', sizeof(event.who)) != NULL);
	for (const char *at = event.who; *at; at++)
		require((unsigned char)*at >= 0x20 && *at != 0x7f);
	require(event.bits >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const parsers[])(const char *, size_t, struct kmsg_record *) = {
		['k'] = kmsg_parse_record,
		['d'] = kmsg_parse_dmesg,
		['j'] = kmsg_parse_journal,
		[UINT8_MAX] = NULL,
	};
	struct kmsg_record record;

	if (size == 0)
		return 0;

	/* In a copy of exact size the address sanitizer sees a read past the end. */
	size_t len = size - 1;
	char *text = malloc(len ? len : 1);

	require(text != NULL);
	memcpy(text, data + 1, len);
	if (data[0] == 't') {
		check_event(text, len);
	} else if (parsers[data[0]] && parsers[data[0]](text, len, &record) == 0) {
		require(record.len < sizeof(record.text));
		require(record.text[record.len] == '\0');
		require(record.usec >= 0 && record.level <= 7);
		check_event(record.text, record.len);
	}
	free(text);
	return 0;
}
