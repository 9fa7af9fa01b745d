/* SPDX-License-Identifier: MIT */
#include "reseed/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/io.h"
#include "base/number.h"
#include "base/root.h"

#define NEW_PATH STAMP_PATH ".new"

static int make_directory(void)
{
	struct statfs fs;

	if (statfs("/run", &fs) != 0)
		return -errno;
	if (fs.f_type != TMPFS_MAGIC && fs.f_type != RAMFS_MAGIC)
		return -EXDEV;
	/* The umask must not hide the stamp from status. */
	if (mkdir("/run/crng", 0755) == 0)
		return chmod("/run/crng", 0755) == 0 ? 0 : -errno;
	return errno == EEXIST ? 0 : -errno;
}

static int write_new(const char *text, size_t len)
{
	int fd = open(NEW_PATH, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0644);

	if (fd < 0)
		return -errno;

	int rc = fchmod(fd, 0644) == 0 ? io_write_full(fd, text, len) : -errno;

	close(fd);
	return rc;
}

int stamp_write(uint64_t vm_generation)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%" PRIu64 "\n", vm_generation);
	int rc = make_directory();

	if (rc != 0)
		return rc;
	unlink(NEW_PATH);
	rc = write_new(text, (size_t)len);
	if (rc == 0 && rename(NEW_PATH, STAMP_PATH) != 0)
		rc = -errno;
	if (rc != 0)
		unlink(NEW_PATH);
	return rc;
}

int stamp_read(uint64_t *vm_generation)
{
	char text[32];
	long len = root_read(ROOT_LIVE, STAMP_PATH, text, sizeof(text));

	if (len < 0)
		return (int)len;
	text[strcspn(text, "\n")] = '\0';
	return number_parse(text, vm_generation) ? -EINVAL : 0;
}
