/* SPDX-License-Identifier: MIT */
#include "reseed/input.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/chardev.h"
#include "base/deadline.h"
#include "base/text.h"

#define LIMIT_NS (10 * NS_PER_S)
#define GRACE_NS (NS_PER_S / 10)
#define TOO_SLOW "not complete after 10 s"

/*
 * A file server that does not answer blocks its caller in open(2) as well as in read(2).
 * A child would not have the descriptors that /dev/fd names, so a thread reads it.
 */
struct reading {
	const char *path;
	struct input *input;
	const char *why; /* input_read()'s answer */
	int ends[2];	 /* of a pipe that the thread closes in the end */
};

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

	while (input->len < sizeof(input->data)) {
		int ready = deadline_poll(fd, deadline);

		if (ready < 0)
			return text_error(-ready);
		if (ready == 0 || deadline_left(deadline) == 0)
			return TOO_SLOW;

		ssize_t got = read(fd, input->data + input->len,
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
		return "from this machine's own kernel, so every clone may have the same";
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

static void read_path(struct reading *reading)
{
	bool standard = strcmp(reading->path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open_file(reading->path);

	if (fd < 0) {
		reading->why = text_error(errno);
		return;
	}
	reading->why = read_checked(fd, reading->input);
	if (!standard)
		close(fd);
}

static void *read_in_thread(void *data)
{
	struct reading *reading = data;

	read_path(reading);
	close(reading->ends[1]);
	return NULL;
}

/* The thread is not waited for: it may hang. */
static bool start(struct reading *reading)
{
	pthread_attr_t detached;
	pthread_t thread;

	if (pipe2(reading->ends, O_CLOEXEC) != 0)
		return false;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);

	int rc = pthread_create(&thread, &detached, read_in_thread, reading);

	pthread_attr_destroy(&detached);
	if (rc != 0) {
		close(reading->ends[0]);
		close(reading->ends[1]);
	}
	return rc == 0;
}

const char *input_read(const char *path, struct input *input)
{
	static struct reading reading; /* a thread that hangs uses it still */

	input->len = 0;
	reading = (struct reading){ .path = path, .input = input };
	if (!start(&reading)) {
		read_path(&reading);
		return reading.why;
	}

	/* The thread closes its end of the pipe. */
	int rc = deadline_poll(reading.ends[0], deadline_after(LIMIT_NS + GRACE_NS));

	if (rc <= 0)
		return rc == 0 ? TOO_SLOW : text_error(-rc);
	close(reading.ends[0]);
	return reading.why;
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
