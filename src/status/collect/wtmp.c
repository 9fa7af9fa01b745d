/* SPDX-License-Identifier: MIT */
/*
 * When the boot before the last one was: a seed file older than that has not been
 * renewed. wtmp(5) records it; a captured tree holds only the times, not who logged in.
 */
#include <errno.h>
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

enum { BOOTS = 3, RECORDS_MAX = 65536, RECORDS_AT_ONCE = 64 };

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

static int read_wtmp(struct boots *boots)
{
	struct utmp records[RECORDS_AT_ONCE];
	int fd = root_open(ROOT_LIVE, WTMP);
	const off_t most = (off_t)RECORDS_MAX * (off_t)sizeof(records[0]);
	ssize_t n;

	if (fd < 0)
		return fd;

	off_t size = lseek(fd, 0, SEEK_END);

	lseek(fd, size > most ? size - size % (off_t)sizeof(records[0]) - most : 0,
	      SEEK_SET);
	while ((n = read(fd, records, sizeof(records))) > 0)
		for (size_t i = 0; i < (size_t)n / sizeof(records[0]); i++)
			if (records[i].ut_type == BOOT_TIME &&
			    records[i].ut_tv.tv_sec > 0)
				add(boots, (uint64_t)records[i].ut_tv.tv_sec);
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
