/* SPDX-License-Identifier: MIT */
/* The record of the boots, which the programs of any libc may have written. */
#include "base/wtmp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

#include "base/ask.h"
#include "base/number.h"
#include "base/root.h"

#define WTMP "/var/log/wtmp"

#define CAPTURED "/crng-capture/boots"

enum {
	RECORDS_MAX = 65536,
	RECORDS_AT_ONCE = 64,
	RECORD_MAX = 400,
	CAPTURED_MAX = 1 << 16, /* bytes */
};

/*
 * The file may have been written by programs of another libc. The records of glibc have
 * 32-bit times where the machine also runs 32-bit programs, as on x86; all others of
 * glibc, and those of musl, have 64-bit times.
 */
static const struct layout {
	size_t size;
	size_t time; /* its place: seconds, then microseconds */
	bool wide;
} layouts[] = { { 384, 340, false }, { RECORD_MAX, 344, true } };

/* The last boots on record, the latest at the end. */
struct boots {
	uint64_t *times;
	size_t max, count;
};

static void add(struct boots *boots, uint64_t time)
{
	if (boots->count == boots->max)
		memmove(boots->times, boots->times + 1,
			--boots->count * sizeof(*boots->times));
	boots->times[boots->count++] = time;
}

/* The type of a record, and when it was made. EMPTY if it does not have this layout. */
static short record(const struct layout *layout, const unsigned char *from,
		    int64_t time[2])
{
	int32_t narrow[2];
	short type;

	memcpy(&type, from, sizeof(type));
	if (layout->wide) {
		memcpy(time, from + layout->time, 2 * sizeof(time[0]));
	} else {
		memcpy(narrow, from + layout->time, sizeof(narrow));
		time[0] = narrow[0];
		time[1] = narrow[1];
	}

	bool sound = type > EMPTY && type <= ACCOUNTING && time[0] > 0 && time[1] >= 0 &&
		     time[1] < 1000000;

	return sound ? type : EMPTY;
}

/* The layout by which most records at the start of the file make sense. */
static const struct layout *layout_of(const unsigned char *from, size_t len)
{
	const struct layout *best = layouts;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		const struct layout *layout = &layouts[i];
		size_t sensible = 0;
		int64_t time[2];

		for (size_t at = 0; at + layout->size <= len; at += layout->size)
			sensible += record(layout, from + at, time) != EMPTY;
		if (sensible > most) {
			most = sensible;
			best = layout;
		}
	}
	return best;
}

static int read_wtmp(int root, struct boots *boots)
{
	unsigned char records[RECORDS_AT_ONCE * RECORD_MAX];
	int fd = root_open(root, WTMP);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, records, sizeof(records));

	const struct layout *layout = layout_of(records, n < 0 ? 0 : (size_t)n);
	const off_t record_size = (off_t)layout->size, most = RECORDS_MAX * record_size;
	off_t size = lseek(fd, 0, SEEK_END);

	lseek(fd, size > most ? size - size % record_size - most : 0, SEEK_SET);
	while ((n = read(fd, records, RECORDS_AT_ONCE * layout->size)) > 0)
		for (size_t at = 0; at + layout->size <= (size_t)n; at += layout->size) {
			int64_t time[2];

			if (record(layout, records + at, time) == BOOT_TIME)
				add(boots, (uint64_t)time[0]);
		}
	close(fd);
	return 0;
}

static int read_captured(int root, struct boots *boots)
{
	char *text = malloc(CAPTURED_MAX), *save = NULL;
	uint64_t time;
	long len = text ? root_read(root, CAPTURED, text, CAPTURED_MAX) : -ENOMEM;

	for (char *line = len < 0 ? NULL : strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!number_parse(line, &time))
			add(boots, time);
	free(text);
	return len < 0 ? (int)len : 0;
}

long wtmp_boots(int root, uint64_t *times, size_t max)
{
	struct boots boots = { .times = times, .max = max };
	int rc = root == ROOT_LIVE ? -ENOENT : read_captured(root, &boots);

	if (rc == -ENOENT && !ask_begin(WTMP))
		return -ETIMEDOUT;
	if (rc == -ENOENT) {
		rc = read_wtmp(root, &boots);
		ask_end();
	}
	return rc < 0 ? rc : (long)boots.count;
}
