/* SPDX-License-Identifier: MIT */
/*
 * /dev/random as the command sees it, and the code that it shares with /dev/kmsg and
 * /dev/hwrng.
 *
 * Opening /dev/random returns the read end of a pipe that is filled at readiness, so that
 * poll(), ppoll(), select(), epoll and read() are the kernel's own, with their signal
 * masks, timeouts and restarts. Calls that would betray the pipe are answered for the
 * device: fstat, newfstatat and statx return 1:8, and the ioctls are those of
 * fakeboot-ioctl.c.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PIPE_BYTES 4096

/* One page of pipe is enough: it is filled again as it is read. */
void fakeboot_device_init(struct boot *b)
{
	if (pipe2(b->random.pipe, O_CLOEXEC | O_NONBLOCK))
		fakeboot_fail(125, "pipe", errno);
	fcntl(b->random.pipe[1], F_SETPIPE_SZ, PIPE_BYTES);
	b->random.path = "/dev/random";
	b->random.number = makedev(1, 8);
	if (b->opt.poll == POLL_LIES)
		fakeboot_device_fill(b);
}

/* Whether there is anything to read; with POLL_NEVER even read() blocks forever. */
bool fakeboot_device_gives(const struct boot *b)
{
	return b->opt.poll == POLL_LIES || (b->opt.poll == POLL_FOLLOWS && b->ready);
}

void fakeboot_device_fill(const struct boot *b)
{
	uint8_t bytes[PIPE_BYTES];

	ssize_t got = getrandom(bytes, sizeof(bytes), 0);
	if (got <= 0 || write(b->random.pipe[1], bytes, (size_t)got) > 0 ||
	    errno == EAGAIN)
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

/*
 * Writes the path of the node that @tid sees, if it is the device. Where the machine need
 * not have it, that of /dev/null takes its place.
 */
static bool find_node(pid_t tid, const struct device *device, char path[64])
{
	struct stat st;

	snprintf(path, 64, "/proc/%d/root%s", (int)tid, device->path);
	if (stat(path, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == device->number)
		return true;
	snprintf(path, 64, "/proc/%d/root/dev/null", (int)tid);
	return device->invented;
}

static bool is_pipe_of(const struct device *device, const struct stat *st)
{
	struct stat own;

	return device->path && fstat(device->pipe[0], &own) == 0 &&
	       own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

/*
 * Returns the device that @fd of @tid stands for, or NULL; *@real: a real /dev/random or
 * /dev/urandom.
 */
const struct device *fakeboot_device_of(const struct boot *b, pid_t tid, int fd,
					bool *real)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
	if (stat(path, &st))
		return NULL;
	*real = S_ISCHR(st.st_mode) &&
		(st.st_rdev == makedev(1, 8) || st.st_rdev == makedev(1, 9));
	return is_pipe_of(&b->random, &st)  ? &b->random
	       : is_pipe_of(&b->kmsg, &st)  ? &b->kmsg
	       : is_pipe_of(&b->hwrng, &st) ? &b->hwrng
					    : NULL;
}

/* Which device an open for reading is about, or NULL. */
static const struct device *opened(const struct boot *b, const struct seccomp_notif *req,
				   uint64_t *flags)
{
	const __u64 *args = req->data.args;
	bool at = req->data.nr != SCMP_SYS(open);
	const struct device *devices[] = { &b->random, &b->kmsg, &b->hwrng };
	char path[16], node[64];

	*flags = args[at ? 2 : 1];
	fakeboot_peek_text((pid_t)req->pid, args[at ? 1 : 0], path, sizeof(path));
	if (req->data.nr == SCMP_SYS(openat2) &&
	    fakeboot_peek((pid_t)req->pid, args[2], flags, sizeof(*flags)))
		return NULL;
	if ((*flags & O_ACCMODE) != O_RDONLY || (*flags & (O_PATH | O_DIRECTORY)))
		return NULL;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (devices[i]->path && strcmp(devices[i]->path, path) == 0 &&
		    find_node((pid_t)req->pid, devices[i], node))
			return devices[i];
	return NULL;
}

static void log_open(const struct boot *b, const struct seccomp_notif *req,
		     const struct device *device, int error)
{
	fakeboot_log(b, fakeboot_now(), "event=open tid=%d path=%s answer=%s",
		     (int)req->pid, device->path,
		     error ? strerrorname_np(error) : "pass");
}

/* Each opener gets an open file description of its own, and so its own O_NONBLOCK. */
void fakeboot_device_open(struct boot *b, const struct seccomp_notif *req)
{
	uint64_t flags;
	char path[64];
	const struct device *device = opened(b, req, &flags);

	if (!device) {
		fakeboot_pass(b, req->id);
		return;
	}
	if (device == &b->hwrng && b->opt.hwrng.open_error) {
		log_open(b, req, device, b->opt.hwrng.open_error);
		fakeboot_answer(b, req->id, 0, b->opt.hwrng.open_error);
		return;
	}
	if (device == &b->kmsg)
		fakeboot_kmsg_fill(b);
	if (device == &b->hwrng)
		fakeboot_hwrng_fill(b);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", device->pipe[0]);
	int fd = open(path, O_RDONLY | O_CLOEXEC | (int)(flags & O_NONBLOCK));
	if (fd < 0)
		fakeboot_fail(125, path, errno);
	struct seccomp_notif_addfd add = { .id = req->id,
					   .flags = SECCOMP_ADDFD_FLAG_SEND,
					   .srcfd = (unsigned int)fd,
					   .newfd_flags = (unsigned int)flags &
							  O_CLOEXEC };
	int given = ioctl(b->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
	int error = given < 0 ? errno : 0;
	close(fd);
	log_open(b, req, device, error);
	if (error && error != ENOENT)
		fakeboot_answer(b, req->id, 0, error);
}

/* Where each call has its descriptor's result, and whether a path must be empty. */
static int write_stat(const struct seccomp_notif *req, const struct device *device)
{
	const __u64 *args = req->data.args;
	pid_t tid = (pid_t)req->pid;
	struct statx stx;
	struct stat st;
	char path[64];

	if (!find_node(tid, device, path))
		return -ENODEV;
	if (stat(path, &st))
		return -errno;
	st.st_rdev = device->number;
	if (req->data.nr == SCMP_SYS(fstat))
		return fakeboot_poke(tid, args[1], &st, sizeof(st));
	if (req->data.nr == SCMP_SYS(newfstatat))
		return fakeboot_poke(tid, args[2], &st, sizeof(st));
	if (statx(AT_FDCWD, path, 0, (unsigned int)args[3], &stx))
		return -errno;
	stx.stx_rdev_major = major(device->number);
	stx.stx_rdev_minor = minor(device->number);
	return fakeboot_poke(tid, args[4], &stx, sizeof(stx));
}

void fakeboot_device_stat(struct boot *b, const struct seccomp_notif *req)
{
	bool named = req->data.nr != SCMP_SYS(fstat) && req->data.args[1];
	const struct device *device = NULL;
	bool real = false;
	char first = 0;

	if (named)
		fakeboot_peek((pid_t)req->pid, req->data.args[1], &first, 1);
	if (!first)
		device = fakeboot_device_of(b, (pid_t)req->pid, (int)req->data.args[0],
					    &real);
	if (!device || write_stat(req, device))
		fakeboot_pass(b, req->id);
	else
		fakeboot_answer(b, req->id, 0, 0);
}
