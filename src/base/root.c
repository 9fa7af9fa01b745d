/* SPDX-License-Identifier: MIT */
/* Files below a root: of the running system, or of a captured tree that lies anywhere. */
#include "base/root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_openat2
#include <linux/openat2.h>
#endif

#include "base/ask.h"
#include "base/resolve.h"

/*
 * Headers older than Linux 5.6 or glibc 2.32 do not know openat2(2). It gives up on ".."
 * with EAGAIN if anything is renamed or mounted at the same time, anywhere.
 */
static int open_in_root(int root, const char *path, int flags)
{
#ifdef SYS_openat2
	struct open_how how = {
		.flags = (unsigned int)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != EAGAIN))
		return fd < 0 ? -errno : fd;
#endif
	return resolve_open(root, path, flags);
}

static int open_any(int root, const char *path, int flags)
{
	if (root != ROOT_LIVE)
		return open_in_root(root, path, flags);

	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int root_open_any(int root, const char *path, int flags)
{
	if (!ask_begin(path))
		return -ETIMEDOUT;

	int fd = open_any(root, path, flags);

	ask_end();
	return fd;
}

int root_open(int root, const char *path)
{
	struct stat st;
	/* A FIFO in a captured tree must not make us wait for its writer. */
	int fd = root_open_any(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

static long read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n != 0 && len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		len += n > 0 ? (size_t)n : 0;
	}
	buf[len] = '\0';
	return (long)len;
}

long root_read(int root, const char *path, char *buf, size_t size)
{
	if (!ask_begin(path))
		return -ETIMEDOUT;

	int fd = root_open(root, path);
	long len = fd < 0 ? fd : read_all(fd, buf, size);

	if (fd >= 0)
		close(fd);
	ask_end();
	return len;
}

int root_exists(int root, const char *path)
{
	int fd = root_open_any(root, path, O_PATH | O_NOFOLLOW);

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -ENOENT || fd == -ENOTDIR ? 0 : fd;
}
