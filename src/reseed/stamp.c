/* SPDX-License-Identifier: MIT */
#include "reseed/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/io.h"
#include "base/number.h"
#include "base/root.h"

enum { NUMBER_MAX = 32 };

static int make_directory(void)
{
	struct statfs fs;

	if (statfs("/run", &fs) != 0)
		return -errno;

	/* The type is signed on some architectures. */
	uint32_t type = (uint32_t)fs.f_type;

	if (type != TMPFS_MAGIC && type != RAMFS_MAGIC)
		return -EXDEV;
	/* The umask must not hide the stamp from status. */
	if (mkdir("/run/crng", 0755) == 0)
		return chmod("/run/crng", 0755) == 0 ? 0 : -errno;
	return errno == EEXIST ? 0 : -errno;
}

static int write_new(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;

	int rc = fchmod(fd, 0644) == 0 ? io_write_full(fd, text, len) : -errno;

	close(fd);
	return rc;
}

static int replace(uint64_t vm_generation)
{
	char path[64], text[NUMBER_MAX];
	int len = snprintf(text, sizeof(text), "%" PRIu64 "\n", vm_generation);

	snprintf(path, sizeof(path), VMCLOCK_RECORD ".%d", (int)getpid());
	unlink(path);

	int rc = write_new(path, text, (size_t)len);

	if (rc == 0 && rename(path, VMCLOCK_RECORD) != 0)
		rc = -errno;
	if (rc != 0)
		unlink(path);
	return rc;
}

/* Under a limit of the size of files (setrlimit(2)) the write must fail, and not kill. */
int stamp_write(uint64_t vm_generation)
{
	int rc = make_directory();
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

	if (rc == 0)
		rc = replace(vm_generation);
	signal(SIGXFSZ, handler);
	if (rc != 0)
		unlink(VMCLOCK_RECORD);
	return rc;
}

int stamp_read(uint64_t *vm_generation)
{
	char text[NUMBER_MAX];
	long len = root_read(ROOT_LIVE, VMCLOCK_RECORD, text, sizeof(text));
	const char *at = text, *end = text + len;

	if (len < 0)
		return (int)len;
	if (!number_scan(&at, end, 10, vm_generation))
		return -EINVAL;
	return end - at == 1 && *at == '\n' ? 0 : -EINVAL;
}
