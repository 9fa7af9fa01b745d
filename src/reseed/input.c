/* SPDX-License-Identifier: MIT */
#include "reseed/input.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/chardev.h"
#include "base/deadline.h"
#include "base/text.h"

#define LIMIT_NS (10 * NS_PER_S)

/* A descriptor that cannot be read, as io_reserve_standard() puts in place of none. */
static const char *not_readable(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || flags & O_PATH ? "closed" : "not open for reading";
}

/*
 * Reads up to the end, or one byte more than may be. poll(2) comes first, because a FIFO
 * that no writer has opened yet gives an end of file at once.
 */
static const char *read_all(int fd, struct input *input)
{
	int64_t deadline = deadline_after(LIMIT_NS);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec ts;

	while (input->len < sizeof(input->data)) {
		int64_t left = deadline_left(deadline);
		int ready = ppoll(&pfd, 1, deadline_timespec(left, &ts), NULL);

		if (ready == 0 || left == 0)
			return "not complete after 10 s";

		ssize_t got = ready < 0 ? -1
					: read(fd, input->data + input->len,
					       sizeof(input->data) - input->len);

		if (got == 0)
			return NULL;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return errno == EBADF ? not_readable(fd) : text_error(errno);
		input->len += got > 0 ? (size_t)got : 0;
	}
	return NULL;
}

/* What the kernel itself gives is the same in every clone, /proc/.../uuid included. */
static bool is_from_kernel(int fd, const struct stat *st)
{
	struct statfs fs;

	return chardev_is(st->st_mode, st->st_rdev, CHARDEV_RANDOM) ||
	       chardev_is(st->st_mode, st->st_rdev, CHARDEV_URANDOM) ||
	       (fstatfs(fd, &fs) == 0 &&
		(fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC));
}

static struct input_origin origin_of(const struct stat *st)
{
	struct input_origin none = { .inode = 0 };
	struct input_origin origin = {
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.modified = st->st_mtim,
		.changed = st->st_ctim,
	};

	return S_ISREG(st->st_mode) ? origin : none;
}

static const char *read_checked(int fd, struct input *input)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return errno == EBADF ? "closed" : text_error(errno);
	input->origin = origin_of(&st);
	if (is_from_kernel(fd, &st))
		return "from this machine's own kernel, and so the same in every clone";
	if (isatty(fd))
		return "a terminal, and what people type is not random";

	const char *why = read_all(fd, input);

	if (why)
		return why;
	if (input->len > INPUT_MAX)
		return "longer than 64 KiB";
	if (input->len < INPUT_MIN)
		return input->len == 0 ? "empty" : "shorter than 16 bytes";
	return NULL;
}

static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

const char *input_read(const char *path, struct input *input)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open_file(path);

	input->len = 0;
	if (fd < 0)
		return text_error(errno);

	const char *why = read_checked(fd, input);

	if (!standard)
		close(fd);
	return why;
}

struct input_origin input_origin(const char *path)
{
	struct input_origin origin = { .inode = 0 };
	struct stat st;
	int fd = open_file(path);

	if (fd >= 0 && fstat(fd, &st) == 0)
		origin = origin_of(&st);
	if (fd >= 0)
		close(fd);
	return origin;
}

static bool is_moment(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool input_origin_is(const struct input_origin *a, const struct input_origin *b)
{
	return a->inode != 0 && a->inode == b->inode && a->device == b->device &&
	       a->size == b->size && is_moment(a->modified, b->modified) &&
	       is_moment(a->changed, b->changed);
}

bool input_is_constant(const struct input *input)
{
	return memcmp(input->data, input->data + 1, input->len - 1) == 0;
}
