/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors a task reads or polls, and whether one is /dev/random. What poll(2)
 * and select(2) were given is in the task's memory, so it is read there: many daemons
 * keep /dev/random open, and rngd(8) polls it for writing, which is not waiting for
 * bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "waiters-task.h"

enum {
	RANDOM_MAJOR = 1,
	RANDOM_MINOR = 8,
	POLLED_MAX = 64, /* descriptors that are looked at in one call */
};

static bool is_random(const struct task *task, uint64_t fd)
{
	static const char suffix[] = "/random";
	char name[32], path[TASK_PATH_MAX], target[64];
	struct stat st;

	if (fd > INT_MAX)
		return false;
	snprintf(name, sizeof(name), "fd/%d", (int)fd);
	task_path(task, name, path);

	/* The name first: stat(2) of a stranger's file may hang with its file server. */
	ssize_t len = readlinkat(task->proc, path, target, sizeof(target) - 1);
	ssize_t at = len - (ssize_t)(sizeof(suffix) - 1);

	if (at < 0 || memcmp(target + at, suffix, sizeof(suffix) - 1) != 0)
		return false;
	return fstatat(task->proc, path, &st, 0) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(RANDOM_MAJOR, RANDOM_MINOR);
}

/* Copies from the task's memory. Returns the number of bytes, 0 where it cannot be read.
 */
static size_t peek(const struct task *task, uint64_t address, void *buf, size_t size)
{
	char path[TASK_PATH_MAX];

	task_path(task, "mem", path);

	int fd = address <= INT64_MAX ? openat(task->proc, path, O_RDONLY | O_CLOEXEC)
				      : -1;

	if (fd < 0)
		return 0;

	ssize_t n = pread(fd, buf, size, (off_t)address);

	close(fd);
	return n > 0 ? (size_t)n : 0;
}

static bool poll_has_random(const struct task *task, uint64_t address, uint64_t count)
{
	struct pollfd fds[POLLED_MAX];
	size_t want = (count < POLLED_MAX ? (size_t)count : POLLED_MAX) * sizeof(fds[0]);
	size_t n = peek(task, address, fds, want) / sizeof(fds[0]);

	for (size_t i = 0; i < n; i++) {
		if (fds[i].fd >= 0 && fds[i].events & (POLLIN | POLLRDNORM) &&
		    is_random(task, (uint64_t)fds[i].fd))
			return true;
	}
	return false;
}

static bool select_has_random(const struct task *task, uint64_t count, uint64_t address)
{
	fd_set set;
	int n = count < FD_SETSIZE ? (int)count : FD_SETSIZE;
	int left = POLLED_MAX;

	FD_ZERO(&set);
	/* A 32-bit big-endian set on a 64-bit kernel has its words swapped: not found. */
	if (address == 0 || peek(task, address, &set, (size_t)(n + 7) / 8) == 0)
		return false;
	for (int fd = 0; fd < n && left > 0; fd++) {
		if (!FD_ISSET(fd, &set))
			continue;
		if (is_random(task, (uint64_t)fd))
			return true;
		left--;
	}
	return false;
}

static bool epoll_has_random(const struct task *task, uint64_t epoll_fd)
{
	char name[32], text[4096];
	int left = POLLED_MAX;

	if (epoll_fd > INT_MAX)
		return false;
	snprintf(name, sizeof(name), "fdinfo/%d", (int)epoll_fd);
	if (task_read(task, name, text, sizeof(text)) <= 0)
		return false;
	for (char *line = text, *next; line && left > 0; line = next) {
		int fd;
		uint32_t events;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (task_parse_epoll(line, strlen(line), &fd, &events) != 0)
			continue;
		if (events & (EPOLLIN | EPOLLRDNORM) && is_random(task, (uint64_t)fd))
			return true;
		left--;
	}
	return false;
}

bool task_waits_for_device(const struct task *task, enum abi_call call,
			   const struct task_syscall *syscall)
{
	const uint64_t *args = syscall->args;

	switch (call) {
	case ABI_READ:
	case ABI_READV:
		return is_random(task, args[0]);
	case ABI_POLL:
		return poll_has_random(task, args[0], args[1]);
	case ABI_SELECT:
		return select_has_random(task, args[0], args[1]);
	case ABI_EPOLL:
		return epoll_has_random(task, args[0]);
	default:
		return false;
	}
}
