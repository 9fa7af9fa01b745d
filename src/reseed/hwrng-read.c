/* SPDX-License-Identifier: MIT */
#include "reseed/hwrng-read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/aside.h"
#include "base/deadline.h"
#include "base/fork.h"
#include "base/text.h"

#define LIMIT_NS NS_PER_S
#define WORK_NS (LIMIT_NS - NS_PER_S / 20) /* so that it can report what it has */
#define RETRY_NS (NS_PER_MS / 4)

enum { MISC_MAJOR = 10, HWRNG_MINOR = 183 /* admin-guide/devices.txt */ };

/*
 * Among 1024 random bytes, each value is expected 4 times. The probability that any value
 * occurs 40 times or more is 2^-77.
 */
enum { WINDOW = sizeof(uint64_t), FREQUENT = 40 };

static int open_device(void)
{
	struct stat st;
	int fd = open(HWRNG_PATH, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(MISC_MAJOR, HWRNG_MINOR))
		return fd;
	close(fd);
	return -ENXIO;
}

/* A driver gives what it has, and EAGAIN while it gets more. */
static int read_all(int fd, struct hwrng *hwrng)
{
	int64_t deadline = deadline_after(WORK_NS);

	while (hwrng->len < HWRNG_BYTES && deadline_left(deadline) > 0) {
		ssize_t got = read(fd, hwrng->data + hwrng->len,
				   HWRNG_BYTES - hwrng->len);

		if (got > 0)
			hwrng->len += (size_t)got;
		else if (got == 0 || errno == EAGAIN || errno == EINTR)
			deadline_sleep(RETRY_NS);
		else
			return -errno;
	}
	return 0;
}

/* Without a generator in use the device is there, and gives ENODEV. */
static void work(void *data)
{
	struct hwrng *hwrng = data;
	int fd = open_device(), rc = fd < 0 ? fd : read_all(fd, hwrng);

	hwrng->absent = rc == -ENOENT || rc == -ENODEV;
	if (rc == -ENXIO)
		hwrng->failure = "it is not the device of the hardware generator";
	else if (rc < 0)
		hwrng->failure = text_error(-rc);
}

/* The command that we become needs the first process of a new namespace for itself. */
void hwrng_read(bool becomes, struct hwrng *hwrng)
{
	hwrng->absent = access(HWRNG_PATH, F_OK) != 0 && errno == ENOENT;
	if (hwrng->absent)
		return;
	if (!fork_prepare(becomes)) {
		hwrng->failure = "no process could be started to read it: unshare(1) "
				 "needs --fork";
		return;
	}

	int rc = aside_within(work, hwrng, LIMIT_NS);

	if (rc == -ECHILD)
		hwrng->failure = "the process that read it was killed";
	else if (rc < 0 && rc != -ETIMEDOUT)
		hwrng->failure = "no process could be started to read it";
}

/* Zeros, a counter of a few bits, and a buffer that is given again and again all do. */
static bool repeats(const unsigned char *data, size_t len)
{
	for (size_t a = 0; a + WINDOW <= len; a++)
		for (size_t b = a + 1; b + WINDOW <= len; b++)
			if (memcmp(data + a, data + b, WINDOW) == 0)
				return true;
	return false;
}

static bool is_lopsided(const unsigned char *data, size_t len)
{
	unsigned int count[UINT8_MAX + 1] = { 0 };

	for (size_t i = 0; i < len; i++)
		if (++count[data[i]] >= FREQUENT)
			return true;
	return false;
}

const char *hwrng_unfit(const struct hwrng *hwrng)
{
	if (hwrng->failure)
		return hwrng->failure;
	if (hwrng->len == 0)
		return "it gave nothing within 1 s";
	if (hwrng->len < HWRNG_STALE + HWRNG_FRESH_MIN)
		return "it gave too little within 1 s: the first 512 bytes may come from "
		       "the snapshot";
	if (repeats(hwrng->data, hwrng->len) || is_lopsided(hwrng->data, hwrng->len))
		return "its bytes do not look random";
	return NULL;
}
