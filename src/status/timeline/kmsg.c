/* SPDX-License-Identifier: MIT */
/*
 * The text forms of a kernel log record. A process that may write to /dev/kmsg can choose
 * any text, but not facility 0: the kernel makes it 1 or more (printk.c,
 * devkmsg_write()).
 */
#include "status/timeline/kmsg.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/deadline.h"
#include "base/number.h"

enum { FACILITY_SHIFT = 3, LEVEL_MASK = 7 };

/* Reads a decimal number and the character after it; false where either is missing. */
static bool read_number(const char **at, const char *end, char after, uint64_t *value)
{
	if (!number_scan(at, end, 10, value) || *at == end || **at != after)
		return false;
	++*at;
	return true;
}

/* The byte that "\xNN" at text stands for; -1: something else is there. */
static int escaped_byte(const char *text, const char *end)
{
	if (end - text < 4 || text[0] != '\\' || text[1] != 'x')
		return -1;

	unsigned int high = number_digit(text[2]), low = number_digit(text[3]);

	return high < 16 && low < 16 ? (int)(high << 4 | low) : -1;
}

/* Stores text up to the end of its line. */
static void store(struct kmsg_record *out, const char *text, const char *end,
		  bool escaped)
{
	out->len = 0;
	while (text < end && *text != '\n' && out->len < sizeof(out->text) - 1) {
		int byte = escaped ? escaped_byte(text, end) : -1;

		out->text[out->len++] = byte < 0 ? *text : (char)byte;
		text += byte < 0 ? 1 : 4;
	}
	out->text[out->len] = '\0';
}

int kmsg_parse_record(const char *record, size_t len, struct kmsg_record *out)
{
	const char *at = record, *end = record + len;
	uint64_t prio, usec;

	if (!read_number(&at, end, ',', &prio) || prio > UINT16_MAX ||
	    !read_number(&at, end, ',', &out->seq) ||
	    !read_number(&at, end, ',', &usec) || usec > KMSG_USEC_MAX)
		return -EINVAL;

	/* The flags, and fields that later kernels may add before the semicolon. */
	const char *text = memchr(at, ';', (size_t)(end - at));

	if (!text || memchr(at, '\n', (size_t)(text - at)))
		return -EINVAL;
	out->facility = (unsigned int)prio >> FACILITY_SHIFT;
	out->level = (unsigned int)prio & LEVEL_MASK;
	out->usec = (int64_t)usec;
	store(out, text + 1, end, true);
	return 0;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* Moves past a caller, "[   T1]" or "[   C0]" (CONFIG_PRINTK_CALLER), if there is one. */
static const char *skip_caller(const char *text, const char *end)
{
	const char *at = text < end && *text == '[' ? skip_blanks(text + 1, end) : end;
	uint64_t id;

	if (at == end || (*at != 'T' && *at != 'C'))
		return text;
	at++;
	return read_number(&at, end, ']', &id) ? at : text;
}

int kmsg_parse_dmesg(const char *line, size_t len, struct kmsg_record *out)
{
	const char *at = line, *end = line + len;
	uint64_t prio = 0, seconds, micros;

	if (at < end && *at == '<') {
		at++;
		if (!read_number(&at, end, '>', &prio) || prio > LEVEL_MASK)
			return -EINVAL;
	}
	if (at == end || *at != '[')
		return -EINVAL;
	at = skip_blanks(at + 1, end);
	if (!read_number(&at, end, '.', &seconds) || seconds >= INT32_MAX)
		return -EINVAL;

	const char *fraction = at;

	if (!read_number(&at, end, ']', &micros) || at - fraction != 7)
		return -EINVAL;
	at = skip_caller(at, end);
	if (at < end && *at == ' ')
		at++;
	out->facility = 0;
	out->level = (unsigned int)prio;
	out->seq = KMSG_SEQ_UNKNOWN;
	out->usec = (int64_t)seconds * USEC_PER_S + (int64_t)micros;
	store(out, at, end, false);
	return 0;
}
