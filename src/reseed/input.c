/* SPDX-License-Identifier: MIT */
#include "reseed/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/chardev.h"
#include "base/deadline.h"
#include "base/text.h"

#define LIMIT_NS (10 * NS_PER_S)

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
			return errno == EBADF ? "closed" : text_error(errno);
		input->len += got > 0 ? (size_t)got : 0;
	}
	return NULL;
}

/* A clone's own RNG gives every clone the same. */
static bool is_own_rng(const struct stat *st)
{
	return chardev_is(st->st_mode, st->st_rdev, CHARDEV_RANDOM) ||
	       chardev_is(st->st_mode, st->st_rdev, CHARDEV_URANDOM);
}

static const char *read_checked(int fd, struct input *input)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && is_own_rng(&st))
		return "this machine's own RNG, which is the same in every clone";
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

const char *input_read(const char *path, struct input *input)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO
			  : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	input->len = 0;
	if (fd < 0)
		return text_error(errno);

	const char *why = read_checked(fd, input);

	if (!standard)
		close(fd);
	if (why)
		input_wipe(input);
	return why;
}

bool input_is_constant(const struct input *input)
{
	return memcmp(input->data, input->data + 1, input->len - 1) == 0;
}

void input_wipe(struct input *input)
{
	explicit_bzero(input, sizeof(*input));
}
