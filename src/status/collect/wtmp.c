/* SPDX-License-Identifier: MIT */
/*
 * When the boot before the last one was: a seed file older than that has not been
 * renewed. wtmp(5) records it; a captured tree holds only the times, not who logged in.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

#include "base/ask.h"
#include "base/number.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define WTMP "/var/log/wtmp"

enum { BOOTS = 3, RECORDS_MAX = 65536, RECORDS_AT_ONCE = 64, RECORD_MAX = 400 };

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
	uint64_t time[BOOTS];
	unsigned int count;
};

static void add(struct boots *boots, uint64_t time)
{
	for (int i = 1; i < BOOTS; i++)
		boots->time[i - 1] = boots->time[i];
	boots->time[BOOTS - 1] = time;
	boots->count++;
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

static int read_wtmp(struct boots *boots)
{
	unsigned char records[RECORDS_AT_ONCE * RECORD_MAX];
	int fd = root_open(ROOT_LIVE, WTMP);
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
	char text[1024], *save = NULL;
	uint64_t time;
	long len = root_read(root, "/crng-capture/boots", text, sizeof(text));

	if (len < 0)
		return (int)len;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!number_parse(line, &time))
			add(boots, time);
	return 0;
}

void collect_wtmp(int root, struct facts *facts)
{
	struct boots boots = { .count = 0 };
	int rc = -ETIMEDOUT;

	if (root != ROOT_LIVE) {
		rc = read_captured(root, &boots);
	} else if (ask_begin(WTMP)) {
		rc = read_wtmp(&boots);
		ask_end();
	}

	if (rc < 0)
		facts->boot_before_last.unknown = text_error(-rc);
	else if (boots.count < BOOTS)
		facts->boot_before_last.unknown = "fewer than three boots are on record";
	else
		fact_number(&facts->boot_before_last, boots.time[0]);
}
