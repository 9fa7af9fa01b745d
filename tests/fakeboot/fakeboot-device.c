/* SPDX-License-Identifier: MIT */
/*
 * /dev/random as the command sees it.
 *
 * Opening /dev/random yields the read end of a pipe which is filled at readiness: so
 * poll(), ppoll(), select(), epoll and read() are the kernel's own, with their signal
 * masks, timeouts and restarts. What betrays the pipe is answered for the device:
 * fstat, newfstatat and statx say 1:8, RNDGETENTCNT counts as the script says.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DEVICE "/dev/random"
#define PIPE_BYTES 4096

static bool is_random(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 8);
}

/* One page of pipe is enough: it is filled again as it is read. */
void fakeboot_device_init(struct boot *b)
{
	struct stat st;

	if (pipe2(b->device, O_CLOEXEC | O_NONBLOCK) || fstat(b->device[0], &st))
		fakeboot_fail(125, "pipe", errno);
	fcntl(b->device[1], F_SETPIPE_SZ, PIPE_BYTES);
	b->device_dev = st.st_dev;
	b->device_ino = st.st_ino;
	if (b->opt.poll == POLL_LIES)
		fakeboot_device_fill(b);
}

/* Whether there is anything to read; with POLL_NEVER even read() blocks for ever. */
bool fakeboot_device_gives(const struct boot *b)
{
	return b->opt.poll == POLL_LIES || (b->opt.poll == POLL_FOLLOWS && b->ready);
}

void fakeboot_device_fill(const struct boot *b)
{
	uint8_t bytes[PIPE_BYTES];

	ssize_t got = getrandom(bytes, sizeof(bytes), 0);
	if (got <= 0 || write(b->device[1], bytes, (size_t)got) > 0 || errno == EAGAIN)
		return;
	fakeboot_fail(125, "pipe", errno);
}

/* entropy_avail is full no later than the CRNG is ready (kernel 5.19: same update). */
void fakeboot_device_ready(const struct boot *b)
{
	char text[16];

	int len = snprintf(text, sizeof(text), "%d\n", b->poolsize);
	if (b->entropy_fd >= 0 && (pwrite(b->entropy_fd, text, (size_t)len, 0) != len ||
				   ftruncate(b->entropy_fd, len)))
		fakeboot_fail(125, "entropy_avail", errno);
	if (b->opt.poll == POLL_FOLLOWS)
		fakeboot_device_fill(b);
}

static bool stat_random(pid_t tid, struct stat *st)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root" DEVICE, (int)tid);
	return stat(path, st) == 0 && is_random(st);
}

/* True when descriptor @fd of @tid is ours; *@real when it is a real /dev/random. */
static bool is_ours(const struct boot *b, pid_t tid, int fd, bool *real)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
	if (stat(path, &st))
		return false;
	*real = S_ISCHR(st.st_mode) &&
		(st.st_rdev == makedev(1, 8) || st.st_rdev == makedev(1, 9));
	return st.st_dev == b->device_dev && st.st_ino == b->device_ino;
}

static bool opens_random(const struct seccomp_notif *req, uint64_t *flags)
{
	const __u64 *args = req->data.args;
	bool at = req->data.nr != SCMP_SYS(open);
	char path[sizeof(DEVICE)];
	struct stat st;

	*flags = args[at ? 2 : 1];
	if (fakeboot_peek((pid_t)req->pid, args[at ? 1 : 0], path, sizeof(path)) ||
	    memcmp(path, DEVICE, sizeof(path)) != 0)
		return false;
	if (req->data.nr == SCMP_SYS(openat2) &&
	    fakeboot_peek((pid_t)req->pid, args[2], flags, sizeof(*flags)))
		return false;
	return (*flags & O_ACCMODE) == O_RDONLY && !(*flags & (O_PATH | O_DIRECTORY)) &&
	       stat_random((pid_t)req->pid, &st);
}

/* An open file description of its own, so that O_NONBLOCK is the opener's alone. */
void fakeboot_device_open(struct boot *b, const struct seccomp_notif *req)
{
	uint64_t flags;
	char path[64];

	if (!opens_random(req, &flags)) {
		fakeboot_pass(b, req->id);
		return;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", b->device[0]);
	int fd = open(path, O_RDONLY | O_CLOEXEC | (int)(flags & O_NONBLOCK));
	if (fd < 0)
		fakeboot_fail(125, path, errno);
	struct seccomp_notif_addfd add = {.id = req->id,
					  .flags = SECCOMP_ADDFD_FLAG_SEND,
					  .srcfd = (unsigned int)fd,
					  .newfd_flags = (unsigned int)flags & O_CLOEXEC};
	int given = ioctl(b->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
	int error = given < 0 ? errno : 0;
	close(fd);
	fakeboot_log(b, fakeboot_now(), "event=open tid=%d path=" DEVICE " answer=%s",
		     (int)req->pid, error ? strerrorname_np(error) : "pass");
	if (error && error != ENOENT)
		fakeboot_answer(b, req->id, 0, error);
}

/* Where each call has its descriptor's result, and whether a path must be empty. */
static int write_stat(const struct seccomp_notif *req)
{
	const __u64 *args = req->data.args;
	pid_t tid = (pid_t)req->pid;
	struct statx stx;
	struct stat st;
	char path[64];

	if (!stat_random(tid, &st))
		return -ENODEV;
	if (req->data.nr == SCMP_SYS(fstat))
		return fakeboot_poke(tid, args[1], &st, sizeof(st));
	if (req->data.nr == SCMP_SYS(newfstatat))
		return fakeboot_poke(tid, args[2], &st, sizeof(st));
	snprintf(path, sizeof(path), "/proc/%d/root" DEVICE, (int)tid);
	if (statx(AT_FDCWD, path, 0, (unsigned int)args[3], &stx))
		return -errno;
	return fakeboot_poke(tid, args[4], &stx, sizeof(stx));
}

void fakeboot_device_stat(struct boot *b, const struct seccomp_notif *req)
{
	bool named = req->data.nr != SCMP_SYS(fstat) && req->data.args[1];
	bool real = false;
	char first = 0;

	if (named)
		fakeboot_peek((pid_t)req->pid, req->data.args[1], &first, 1);
	if (first || !is_ours(b, (pid_t)req->pid, (int)req->data.args[0], &real) ||
	    write_stat(req))
		fakeboot_pass(b, req->id);
	else
		fakeboot_answer(b, req->id, 0, 0);
}

void fakeboot_device_ioctl(struct boot *b, const struct seccomp_notif *req)
{
	int bits = b->ready ? b->poolsize : b->bits;
	bool real = false;

	if (!is_ours(b, (pid_t)req->pid, (int)req->data.args[0], &real) && !real)
		fakeboot_pass(b, req->id);
	else if (fakeboot_poke((pid_t)req->pid, req->data.args[2], &bits, sizeof(bits)))
		fakeboot_answer(b, req->id, 0, EFAULT);
	else
		fakeboot_answer(b, req->id, 0, 0);
}
