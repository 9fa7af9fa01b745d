/* SPDX-License-Identifier: MIT */
/*
 * /dev/hwrng as the command sees it, with --hwrng: a pipe that is filled anew for each
 * opener, so that an empty one is EAGAIN to O_NONBLOCK, as in rng_dev_read() of
 * drivers/char/hw_random/core.c. A read that hangs is a call that is never answered: its
 * caller sleeps, O_NONBLOCK or not, as it does behind a driver that holds the mutex.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define ROOM 65536 /* of a pipe */
#define PERIOD 256 /* as large as any buffer that a driver gives again and again */

/* A slow one gives so many bytes, so often. */
#define MORSEL 16
#define INTERVAL (NSEC_PER_SEC / 20)

static const struct hwrng kinds[] = {
	{ .name = "absent", .open_error = ENOENT },
	{ .name = "good", .len = ROOM },
	{ .name = "zeros", .len = ROOM, .bytes = ZEROS },
	{ .name = "repeats", .len = ROOM, .bytes = REPEATS },
	{ .name = "biased", .len = ROOM, .bytes = BIASED },
	{ .name = "slow", .slow = true },
	{ .name = "short" },
	{ .name = "eagain" },
	{ .name = "hangs", .hangs = true },
};

/* KIND or "short:N"; the text is cut into its parts. False: it may be an errno. */
bool fakeboot_hwrng_parse(struct hwrng *hwrng, char *text)
{
	char *end = NULL, *count = strchr(text, ':');

	*hwrng = (struct hwrng){ .name = "errno" };
	if (count)
		*count++ = '\0';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, text) == 0)
			*hwrng = kinds[i];
	if (count)
		hwrng->len = strtoul(count, &end, 10);
	bool counts = strcmp(hwrng->name, "short") == 0;
	if (counts != !!count || (count && (*end || end == count || hwrng->len > ROOM)))
		fakeboot_fail(125, "--hwrng: only short has a number, of at most 65536",
			      0);
	return strcmp(hwrng->name, "errno") != 0;
}

void fakeboot_hwrng_init(struct boot *b)
{
	if (pipe2(b->hwrng.pipe, O_CLOEXEC | O_NONBLOCK))
		fakeboot_fail(125, "pipe", errno);
	b->hwrng.path = "/dev/hwrng";
	b->hwrng.number = makedev(10, 183);
	b->hwrng.invented = true;
}

/* Puts @len bytes into the pipe, or as many as it has room for. */
static void give(const struct boot *b, size_t len)
{
	static uint8_t bytes[ROOM];

	for (size_t at = 0; at < len; at += 256)
		if (getrandom(bytes + at, 256, 0) != 256)
			fakeboot_fail(125, "getrandom", errno);
	for (size_t at = 0; at < len; at++) {
		if (b->opt.hwrng.bytes == ZEROS ||
		    (b->opt.hwrng.bytes == BIASED && at % 2))
			bytes[at] = 0;
		else if (b->opt.hwrng.bytes == REPEATS && at >= PERIOD)
			bytes[at] = bytes[at - PERIOD];
	}
	if (len && write(b->hwrng.pipe[1], bytes, len) < 0 && errno != EAGAIN)
		fakeboot_fail(125, "pipe", errno);
}

void fakeboot_hwrng_fill(struct boot *b)
{
	uint8_t old[4096];

	while (read(b->hwrng.pipe[0], old, sizeof(old)) > 0)
		;
	give(b, b->opt.hwrng.len);
	if (b->opt.hwrng.slow)
		b->feed_due = fakeboot_now() + INTERVAL;
}

void fakeboot_hwrng_feed(struct boot *b)
{
	give(b, MORSEL);
	b->feed_due += INTERVAL;
}

/* The name is there although the machine need not have the device, or is not. */
void fakeboot_hwrng_access(struct boot *b, const struct seccomp_notif *req)
{
	char path[16];

	fakeboot_peek_text((pid_t)req->pid,
			   req->data.args[req->data.nr == SCMP_SYS(access) ? 0 : 1], path,
			   sizeof(path));
	if (strcmp(path, b->hwrng.path) == 0)
		fakeboot_answer(b, req->id, 0, b->opt.hwrng.open_error);
	else
		fakeboot_pass(b, req->id);
}

void fakeboot_hwrng_read(struct boot *b, const struct seccomp_notif *req)
{
	const struct hwrng *hwrng = &b->opt.hwrng;
	bool real;

	if ((!hwrng->read_error && !hwrng->hangs) ||
	    fakeboot_device_of(b, (pid_t)req->pid, (int)req->data.args[0], &real) !=
		    &b->hwrng) {
		fakeboot_pass(b, req->id);
		return;
	}
	fakeboot_log(b, fakeboot_now(), "event=read tid=%d path=%s len=%llu answer=%s",
		     (int)req->pid, b->hwrng.path, (unsigned long long)req->data.args[2],
		     hwrng->hangs ? "none" : strerrorname_np(hwrng->read_error));
	if (!hwrng->hangs)
		fakeboot_answer(b, req->id, 0, hwrng->read_error);
}
