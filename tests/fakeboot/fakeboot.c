/* SPDX-License-Identifier: MIT */
/*
 * fakeboot: runs a command on a machine whose random number generator is not ready.
 *
 * A ready kernel cannot become unready, so a supervisor answers getrandom() in the
 * kernel's place (seccomp user notification, seccomp_unotify(2)), as Linux 5.6 and later
 * do (drivers/char/random.c), until the scripted moment. From then on the kernel answers.
 *
 * It has limits: getrandom in the vDSO (Linux 6.11) is not a system call and is not seen;
 * programs of other ABIs (32-bit, x32) are killed with SIGSYS rather than left
 * unsupervised; /dev/random is recognized only by exactly that path, opened only for
 * reading.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int64_t fakeboot_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* Writes "t=WHEN pid=…" lines in one write each, so that they never mix. */
void fakeboot_log(const struct boot *b, int64_t when, const char *format, ...)
{
	char line[512];
	va_list args;

	if (b->log_fd < 0)
		return;
	int len = snprintf(line, sizeof(line), "t=%lld ", (long long)when);
	va_start(args, format);
	len += vsnprintf(line + len, sizeof(line) - (size_t)len - 1, format, args);
	va_end(args);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	if (write(b->log_fd, line, (size_t)len) != len)
		fakeboot_fail(125, "log", errno);
}

void fakeboot_fail(int status, const char *what, int error)
{
	if (error)
		fprintf(stderr, "fakeboot: %s: %s\n", what, strerror(error));
	else
		fprintf(stderr, "fakeboot: %s\n", what);
	exit(status);
}

/* Copies @len bytes at @from in thread @tid; 0 or -errno. */
int fakeboot_peek(pid_t tid, uint64_t from, void *to, size_t len)
{
	struct iovec local = { to, len };
	struct iovec remote = { (void *)(uintptr_t)from, len };
	ssize_t got = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	return got < 0 ? -errno : (size_t)got == len ? 0 : -EFAULT;
}

/* Copies a string, up to @size - 1 bytes of it, or what can be read. */
void fakeboot_peek_text(pid_t tid, uint64_t from, char *text, size_t size)
{
	size_t len = 0;

	while (len < size - 1 && fakeboot_peek(tid, from + len, &text[len], 1) == 0 &&
	       text[len])
		len++;
	text[len] = '\0';
}

/* Copies the other way; the caller has checked that @tid is still the same thread. */
int fakeboot_poke(pid_t tid, uint64_t to, const void *from, size_t len)
{
	struct iovec local = { (void *)(uintptr_t)from, len };
	struct iovec remote = { (void *)(uintptr_t)to, len };
	ssize_t got = process_vm_writev(tid, &local, 1, &remote, 1, 0);

	return got < 0 ? -errno : (size_t)got == len ? 0 : -EFAULT;
}

/* Answers with @value or @error; -ENOENT when the caller is gone or was interrupted. */
int fakeboot_answer(const struct boot *b, uint64_t id, int64_t value, int error)
{
	struct seccomp_notif_resp resp = { .id = id, .val = value, .error = -error };

	return ioctl(b->listener, SECCOMP_IOCTL_NOTIF_SEND, &resp) ? -errno : 0;
}

/* Lets the kernel run the call. */
int fakeboot_pass(const struct boot *b, uint64_t id)
{
	struct seccomp_notif_resp resp = { .id = id,
					   .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	return ioctl(b->listener, SECCOMP_IOCTL_NOTIF_SEND, &resp) ? -errno : 0;
}

/* Returns the process of thread @tid, which only the log needs. */
pid_t fakeboot_process_of(const struct boot *b, pid_t tid)
{
	char path[64], line[128];
	int pid = 0;

	if (b->log_fd < 0)
		return tid;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	FILE *status = fopen(path, "re");
	while (status && !pid && fgets(line, sizeof(line), status))
		if (sscanf(line, "Tgid: %d", &pid) != 1)
			pid = 0;
	if (status)
		fclose(status);
	return pid ? pid : tid;
}

/* A descriptor of our own must not take the place of a closed one of CMD. */
static void reserve_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH | O_CLOEXEC) < 0)
			return;
}

int main(int argc, char **argv)
{
	struct boot b = {
		.opt = { .ready_after = NEVER,
			 .jitter = NEVER,
			 .add = AS_KERNEL,
			 .reseed = AS_KERNEL },
		.due = NEVER,
		.feed_due = NEVER,
		.listener = -1,
		.sock = -1,
		.log_fd = -1,
		.entropy_fd = -1,
		.poolsize = 256,
	};

	reserve_standard();
	fakeboot_parse(&b.opt, argc, argv);
	if (b.opt.log) {
		b.log_fd = open(b.opt.log,
				O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
				0666);
		if (b.log_fd < 0)
			fakeboot_fail(125, b.opt.log, errno);
	}
	if (b.opt.proc)
		fakeboot_proc_init(&b);
	if (b.opt.poll != POLL_NONE)
		fakeboot_device_init(&b);
	if (b.opt.kmsg)
		fakeboot_kmsg_init(&b);
	if (b.opt.hwrng.name)
		fakeboot_hwrng_init(&b);
	fakeboot_spawn(&b);
	return fakeboot_serve(&b);
}
