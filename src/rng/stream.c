/* SPDX-License-Identifier: MIT */
/*
 * Where the bytes come from. getrandom(2) wherever it exists; the devices only where it
 * does not, and then in the order that is safe: wait on /dev/random, read /dev/urandom.
 */
#include "rng/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/deadline.h"
#include "rng/device.h"
#include "rng/wait.h"

static int64_t source_deadline(const struct source *source)
{
	return source->nonblock ? 0 : source->deadline;
}

static int not_in_time(const struct source *source)
{
	return source->nonblock ? -EAGAIN : -ETIMEDOUT;
}

/* Opens the device, with source->what as the name for the error message. */
static int open_device(struct source *source, enum device device)
{
	source->what = device_path(device);
	return device_open(device);
}

/* Waits on /dev/random for what getrandom(2) would have told. */
static int wait_on_device(struct source *source)
{
	int fd = open_device(source, DEVICE_RANDOM);

	if (fd < 0)
		return fd;

	int rc = device_wait(fd,
			     source->kind == RNG_INSECURE ? 0 : source_deadline(source));

	close(fd);
	return rc;
}

/* What is known when that wait has ended as it did. */
static enum source_trust trust_after(int waited)
{
	if ((waited != 0 && waited != -ETIMEDOUT) || !device_poll_means_ready())
		return SOURCE_UNPROVEN;
	return waited == 0 ? SOURCE_READY : SOURCE_NOT_READY;
}

static int open_without_getrandom(struct source *source)
{
	int rc = wait_on_device(source);

	source->trust = trust_after(rc);
	if (rc != 0 && source->kind != RNG_INSECURE)
		return rc == -ETIMEDOUT ? not_in_time(source) : rc;
	source->fd = open_device(source, source->kind == RNG_RANDOM ? DEVICE_RANDOM
								    : DEVICE_URANDOM);
	return source->fd < 0 ? source->fd : 0;
}

static int open_insecure(struct source *source, int probe)
{
	if (probe == 0) {
		source->kind = RNG_DEFAULT;
		return 0;
	}
	source->trust = SOURCE_NOT_READY;
	if (rng_knows_insecure() == 0)
		return 0;
	source->fd = open_device(source, DEVICE_URANDOM);
	return source->fd < 0 ? source->fd : 0;
}

int source_open(struct source *source)
{
	source->fd = -1;
	source->what = "getrandom";
	source->trust = SOURCE_READY;

	int rc = rng_probe();

	if (rc == -ENOSYS || rc == -EPERM)
		return open_without_getrandom(source);
	if (rc != 0 && rc != -EAGAIN)
		return rc;
	if (source->kind == RNG_INSECURE)
		return open_insecure(source, rc);
	if (rc == 0 || source->nonblock)
		return rc;

	struct wait_request request = { .deadline = source->deadline };

	rc = wait_ready(&request);
	source->child_error = request.child_error;
	return rc;
}

/*
 * The blocking pool before Linux 5.6 can be empty for long. It is asked without blocking,
 * and /dev/random tells when it has something again, so that the deadline holds.
 */
static int await_pool(const struct source *source)
{
	if (source->nonblock)
		return -EAGAIN;
	if (deadline_left(source->deadline) == 0)
		return -ETIMEDOUT;

	int fd = device_open(DEVICE_RANDOM);

	if (fd < 0)
		return fd;

	int rc = device_wait(fd, source->deadline);

	close(fd);
	return rc;
}

static long read_some(const struct source *source, void *buf, size_t n)
{
	if (source->fd < 0)
		return rng_read(source->kind, source->kind == RNG_RANDOM, buf, n);

	ssize_t got;

	do {
		got = read(source->fd, buf, n);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

int source_fill(const struct source *source, void *buf, size_t n)
{
	unsigned char *at = buf;

	while (n > 0) {
		long got = read_some(source, at, n);

		if (got == -EAGAIN && source->kind == RNG_RANDOM)
			got = await_pool(source);
		else if (got == 0)
			got = -EIO;
		if (got < 0)
			return (int)got;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
