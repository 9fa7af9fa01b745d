/* SPDX-License-Identifier: MIT */
/*
 * Where the random bytes come from: getrandom(2) wherever it exists, and only where it
 * does not the devices, in the order that is safe: wait on /dev/random, read
 * /dev/urandom.
 */
#include "rng/stream.h"

#include <errno.h>
#include <unistd.h>

#include "base/deadline.h"
#include "rng/device.h"

static int not_in_time(const struct stream *stream)
{
	return stream->nonblock ? -EAGAIN : -ETIMEDOUT;
}

/* Opens the device, and notes its name in stream->what for an error message. */
static int open_device(struct stream *stream, enum device device)
{
	stream->what = device_path(device);
	return device_open(device);
}

/* Waits on /dev/random until it is readable, as getrandom(2) cannot be asked. */
static int wait_on_device(struct stream *stream)
{
	int fd = open_device(stream, DEVICE_RANDOM);

	if (fd < 0)
		return fd;

	bool waits = stream->kind != RNG_INSECURE && !stream->nonblock;
	int rc = device_wait(fd, waits ? wait_next_point(&stream->wait) : 0);

	while (rc == -ETIMEDOUT && waits && deadline_left(stream->wait.deadline) > 0) {
		wait_notify(&stream->wait);
		rc = device_wait(fd, wait_next_point(&stream->wait));
	}
	close(fd);
	return rc;
}

/* What the result of that wait says about the bytes. */
static enum stream_trust trust_after(int waited)
{
	if ((waited != 0 && waited != -ETIMEDOUT) || !device_poll_means_ready())
		return STREAM_UNPROVEN;
	return waited == 0 ? STREAM_READY : STREAM_NOT_READY;
}

static int open_without_getrandom(struct stream *stream)
{
	int rc = wait_on_device(stream);

	stream->trust = trust_after(rc);
	if (rc != 0 && stream->kind != RNG_INSECURE)
		return rc == -ETIMEDOUT ? not_in_time(stream) : rc;
	stream->fd = open_device(stream, stream->kind == RNG_RANDOM ? DEVICE_RANDOM
								    : DEVICE_URANDOM);
	return stream->fd < 0 ? stream->fd : 0;
}

static int open_insecure(struct stream *stream, int probe)
{
	if (probe == 0) {
		stream->kind = RNG_DEFAULT;
		return 0;
	}
	stream->trust = STREAM_NOT_READY;
	if (rng_knows_insecure() == 0)
		return 0;
	stream->fd = open_device(stream, DEVICE_URANDOM);
	return stream->fd < 0 ? stream->fd : 0;
}

int stream_open(struct stream *stream)
{
	stream->fd = -1;
	stream->what = "getrandom";
	stream->trust = STREAM_READY;

	int rc = rng_probe();

	if (rc == -ENOSYS || rc == -EPERM)
		return open_without_getrandom(stream);
	if (rc != 0 && rc != -EAGAIN)
		return rc;
	if (stream->kind == RNG_INSECURE)
		return open_insecure(stream, rc);
	return rc == 0 || stream->nonblock ? rc : wait_ready(&stream->wait);
}

/*
 * Before Linux 5.6 the blocking pool can be empty for a long time. It is asked without
 * blocking, and poll(2) on /dev/random tells when it has bytes again, so that the
 * deadline is kept.
 */
static int await_pool(const struct stream *stream)
{
	if (stream->nonblock)
		return -EAGAIN;
	if (deadline_left(stream->wait.deadline) == 0)
		return -ETIMEDOUT;

	int fd = device_open(DEVICE_RANDOM);

	if (fd < 0)
		return fd;

	int rc = device_wait(fd, stream->wait.deadline);

	close(fd);
	return rc;
}

static long read_some(const struct stream *stream, void *buf, size_t n)
{
	if (stream->fd < 0)
		return rng_read(stream->kind, stream->kind == RNG_RANDOM, buf, n);

	ssize_t got;

	do {
		got = read(stream->fd, buf, n);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

int stream_fill(const struct stream *stream, void *buf, size_t n)
{
	unsigned char *at = buf;

	while (n > 0) {
		long got = read_some(stream, at, n);

		if (got == -EAGAIN && stream->kind == RNG_RANDOM)
			got = await_pool(stream);
		else if (got == 0)
			got = -EIO;
		if (got < 0)
			return (int)got;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

void stream_close(struct stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}
