/* SPDX-License-Identifier: MIT */
/* Which boot is meant. */
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "status/history/boots.h"

/* Takes as many hexadecimal digits as an ID has, with or without the dashes of a UUID. */
static const char *scan_id(const char *text, char id[HISTORY_ID_SIZE])
{
	size_t len = 0;

	for (; *text && len < HISTORY_ID_SIZE - 1; text++) {
		if (*text == '-' && len > 0 && len % 4 == 0)
			continue;
		if (number_digit(*text) == 16)
			break;
		id[len++] = (char)(*text >= 'A' && *text <= 'F' ? *text - 'A' + 'a'
								: *text);
	}
	id[len] = '\0';
	return len == HISTORY_ID_SIZE - 1 ? text : NULL;
}

int history_parse(const char *text, struct history_wanted *wanted)
{
	const char *rest = scan_id(text, wanted->id);
	bool minus;
	uint64_t number;

	if (!rest) {
		wanted->id[0] = '\0';
		rest = text;
	}
	wanted->offset = 0;
	wanted->from_oldest = false;
	if (wanted->id[0] && *rest == '\0')
		return 0;
	if (wanted->id[0] && *rest != '+' && *rest != '-')
		return -EINVAL;
	minus = *rest == '-';
	if (number_parse(rest + (minus || *rest == '+'), &number) || number > INT32_MAX)
		return -EINVAL;
	wanted->offset = minus ? -(int64_t)number : (int64_t)number;
	wanted->from_oldest = !wanted->id[0] && number > 0 && !minus;
	return 0;
}

int boots_find(const struct history *history, const struct history_wanted *wanted)
{
	int64_t count = (int64_t)history->count, at = count - 1;

	if (wanted->from_oldest)
		at = -1;
	while (wanted->id[0] && at >= 0 && strcmp(history->boot[at].id, wanted->id) != 0)
		at--;
	if (wanted->id[0] && at < 0)
		return -1;
	at += wanted->offset;
	return at >= 0 && at < count ? (int)at : -1;
}
