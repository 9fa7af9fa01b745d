/* SPDX-License-Identifier: MIT */
/*
 * /dev/random and /dev/urandom, for waiting without a system call that seeds, and for
 * kernels and sandboxes without getrandom(2). In a chroot or a container any file may
 * have these names, so it is checked before a byte is trusted.
 */
#include "rng/device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/chardev.h"
#include "base/deadline.h"
#include "rng/rng.h"

static const struct {
	const char *path;
	enum chardev number;
} devices[] = {
	[DEVICE_RANDOM] = { "/dev/random", CHARDEV_RANDOM },
	[DEVICE_URANDOM] = { "/dev/urandom", CHARDEV_URANDOM },
};

const char *device_path(enum device device)
{
	return devices[device].path;
}

int device_open(enum device device)
{
	struct stat st;
	int fd = open(devices[device].path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 &&
	    chardev_is(st.st_mode, st.st_rdev, devices[device].number))
		return fd;
	close(fd);
	return -ENODEV;
}

int device_open_either(const char **path)
{
	int rc = device_open(DEVICE_RANDOM), other;

	*path = device_path(DEVICE_RANDOM);
	if (rc >= 0)
		return rc;
	other = device_open(DEVICE_URANDOM);
	return other >= 0 ? other : rc;
}

int device_wait(int fd, int64_t deadline)
{
	int events = deadline_poll(fd, deadline);

	if (events < 0)
		return events;
	if (events == 0)
		return -ETIMEDOUT;
	return events & POLLIN ? 0 : -EIO;
}

bool device_poll_means_ready(void)
{
	int rc = rng_knows_insecure();

	if (rc == 0 || rc == -EINVAL)
		return rc == 0;
	return access("/proc/sys/kernel/random/poolsize", F_OK) == 0 &&
	       access("/proc/sys/kernel/random/read_wakeup_threshold", F_OK) != 0 &&
	       errno == ENOENT;
}
