/* SPDX-License-Identifier: MIT */
/* Bulk: from a source of bytes, through a text form, to one descriptor. */
#include "pump.h"

#include <sodium.h>
#include <sys/prctl.h>

#include "io.h"
#include "parse.h"

enum {
	BLOCK = 240 * 1024, /* divides by 3 and 5, so that text blocks have no padding */
	TEXT_MAX = 2 * BLOCK,
	NEWLINE = 1,
};

struct buffers {
	uint8_t bytes[BLOCK];
	char text[TEXT_MAX + NEWLINE];
	char lines[2 * TEXT_MAX + NEWLINE];
};

static int write_text(const struct pump *pump, struct buffers *buffers, size_t n,
		      bool last, uint64_t *column)
{
	char *text = buffers->text;
	size_t len = pump->encoding->encode(text, buffers->bytes, n);

	if (pump->columns > 0) {
		len = encode_wrap(buffers->lines, text, len, pump->columns, column);
		text = buffers->lines;
	}
	if (last && pump->newline)
		text[len++] = '\n';
	return io_write_full(pump->fd, text, len);
}

static int move_blocks(struct pump *pump, struct buffers *buffers)
{
	uint64_t left = pump->total, column = 0;
	int rc;

	do {
		size_t n = left < BLOCK ? (size_t)left : BLOCK;

		rc = source_fill(pump->source, buffers->bytes, n);
		if (rc != 0) {
			pump->source_failed = true;
			return rc;
		}
		if (left != SIZE_INFINITY)
			left -= n;
		rc = pump->encoding ? write_text(pump, buffers, n, left == 0, &column)
				    : io_write_full(pump->fd, buffers->bytes, n);
	} while (rc == 0 && left > 0);
	return rc;
}

/* Only as far as it was used: a key of 32 bytes does not touch two megabytes. */
static void wipe(struct buffers *buffers, uint64_t total)
{
	size_t used = total < BLOCK ? (size_t)total : BLOCK;

	sodium_memzero(buffers->bytes, used);
	sodium_memzero(buffers->text, 2 * used + NEWLINE);
	sodium_memzero(buffers->lines, 4 * used + NEWLINE);
}

int pump_run(struct pump *pump)
{
	static struct buffers buffers;
	int dumpable = prctl(PR_GET_DUMPABLE);

	prctl(PR_SET_DUMPABLE, 0);

	int rc = move_blocks(pump, &buffers);

	wipe(&buffers, pump->total);
	prctl(PR_SET_DUMPABLE, dumpable);
	return rc;
}
