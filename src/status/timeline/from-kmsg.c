/* SPDX-License-Identifier: MIT */
/*
 * /dev/kmsg of the running kernel: each open file has its own cursor, and each read(2)
 * gives one record. It fails with EPIPE where records were overwritten before they were
 * read, with EINVAL where one does not fit (and is skipped), and with EAGAIN at the end
 * (Documentation/ABI/testing/dev-kmsg).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/chardev.h"
#include "base/root.h"
#include "base/text.h"
#include "status/timeline/events.h"
#include "status/timeline/from.h"

enum {
	RECORD_MAX = 16384,  /* the kernel's own limit is 8192 */
	READS_MAX = 1 << 20, /* ends the reading of a log that grows meanwhile */
	FAILURES_MAX = 64,   /* in a row, of the kinds after which a read may succeed */
};

/*
 * Returns the descriptor, -errno, or -ENODEV where that is another file. That is checked
 * before it is opened as well: an unknown device must not even be opened.
 */
static int open_kmsg(void)
{
	struct stat st;

	if (stat("/dev/kmsg", &st) != 0)
		return -errno;
	if (!chardev_is(st.st_mode, st.st_rdev, CHARDEV_KMSG))
		return -ENODEV;

	int fd = open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && chardev_is(st.st_mode, st.st_rdev, CHARDEV_KMSG))
		return fd;
	close(fd);
	return -ENODEV;
}

static bool setting_is(const char *path, const char *value)
{
	char text[32];
	long len = root_read(ROOT_LIVE, path, text, sizeof(text));

	if (len < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, value) == 0;
}

static const char *why_not(int error)
{
	switch (error) {
	case ENOENT:
		return "there is no /dev/kmsg, as in most containers";
	case ENODEV:
		return "/dev/kmsg is not the kernel log, as in some containers";
	case EACCES:
		return "the mode of /dev/kmsg forbids reading it";
	case EPERM:
		/* devkmsg_open() checks in this order; the first also applies to root. */
		if (setting_is("/proc/sys/kernel/printk_devkmsg", "off"))
			return "printk.devkmsg=off forbids reading /dev/kmsg";
		if (setting_is("/proc/sys/kernel/dmesg_restrict", "1"))
			return "kernel.dmesg_restrict=1 allows reading it only with CAP_SYSLOG";
		return "a security module or sandbox forbids reading /dev/kmsg";
	case EINVAL:
		return "/dev/kmsg gives no records, as before Linux 3.5";
	case EPIPE:
		return "records are overwritten faster than they can be read";
	case ENODATA:
		return "the log has no records";
	default:
		return text_error(error);
	}
}

struct reading {
	uint64_t next;	   /* the number that the next record should have */
	uint64_t failures; /* since the last record */
};

/*
 * Adds what one read gave. Each failure before it lost a record, which usually shows as a
 * gap in the numbers as well.
 */
static void add_record(struct timeline *timeline, const char *buf, size_t len,
		       struct reading *reading)
{
	struct kmsg_record record;
	uint64_t gap = 0;

	if (kmsg_parse_record(buf, len, &record) != 0)
		return;
	if (reading->next == 0)
		timeline->wrapped = record.seq > 0;
	else if (record.seq > reading->next)
		gap = record.seq - reading->next;
	timeline->lost += gap > reading->failures ? gap : reading->failures;
	*reading = (struct reading){ .next = record.seq + 1 };
	timeline_add(timeline, &record);
}

/* Returns 0 where another read may succeed, or -errno. */
static int count_failure(int error, struct reading *reading)
{
	if (error == EINTR)
		return 0;
	if (error != EPIPE && error != EINVAL)
		return -error;
	return ++reading->failures < FAILURES_MAX ? 0 : -error;
}

/* Returns 0 at the end of the log, or -errno. */
static int read_all(int fd, struct timeline *timeline)
{
	char buf[RECORD_MAX];
	struct reading reading = { 0, 0 };
	int rc = 0;

	for (int i = 0; rc == 0 && i < READS_MAX; i++) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n == 0 || (n < 0 && errno == EAGAIN)) {
			timeline->lost += reading.failures;
			return reading.next == 0 ? -ENODATA : 0;
		}
		if (n < 0)
			rc = count_failure(errno, &reading);
		else
			add_record(timeline, buf, (size_t)n, &reading);
	}
	timeline->lost++; /* at least one: the log has not ended yet */
	return rc;
}

const char *timeline_from_kmsg(struct timeline *timeline)
{
	if (!ask_begin("/dev/kmsg"))
		return why_not(ETIMEDOUT);

	int fd = open_kmsg();
	int rc = fd < 0 ? fd : read_all(fd, timeline);

	if (fd >= 0)
		close(fd);
	ask_end();
	if (rc != 0)
		return why_not(-rc);
	timeline->origin = "/dev/kmsg";
	timeline->proven = true;
	return NULL;
}
