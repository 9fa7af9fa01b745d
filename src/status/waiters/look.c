/* SPDX-License-Identifier: MIT */
/*
 * Is a descriptor of a task /dev/random, or does it watch /dev/random? The device number
 * decides, since the node may have any name, or have been removed. No question goes to a
 * file server, which may not answer. Only descriptors that a call waits for are looked
 * at, because many daemons just keep /dev/random open, and rngd(8) polls it for writing.
 */
#include "status/waiters/look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/chardev.h"
#include "base/number.h"
#include "status/waiters/proc-parse.h"

/* musl has had struct statx since 1.2.5. */
#ifndef STATX_TYPE
#include <linux/stat.h>
#endif

#ifndef AT_STATX_DONT_SYNC
#define AT_STATX_DONT_SYNC 0x4000
#endif

enum {
	LOOKS_MAX = 1 << 16, /* descriptors of one call */
	LOOKS_A_GLANCE = 64, /* descriptors between two looks at the clock */
	DEPTH_MAX = 5,	     /* EP_MAX_NESTS (fs/eventpoll.c, 6.18) is 4 */
	DEV_MINOR_BITS = 20, /* of the kernel's own dev_t, linux/kdev_t.h */
};

enum descriptor_kind { KIND_OTHER, KIND_RANDOM, KIND_EPOLL, KIND_URING };

bool look_has_time(struct look *look)
{
	bool time = look->count < LOOKS_MAX &&
		    (look->count % LOOKS_A_GLANCE != 0 || proc_has_time(look->task));

	look->hidden |= !time;
	return time;
}

static enum descriptor_kind kind_by_name(const struct task *task, const char *path)
{
	static const struct {
		const char *name;
		enum descriptor_kind kind;
	} names[] = {
		{ "/dev/random", KIND_RANDOM },
		{ "anon_inode:[eventpoll]", KIND_EPOLL },
		{ "anon_inode:[io_uring]", KIND_URING },
	};
	char target[64];
	ssize_t len = readlinkat(task->proc, path, target, sizeof(target) - 1);

	target[len < 0 ? 0 : len] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(target, names[i].name) == 0)
			return names[i].kind;
	return KIND_OTHER;
}

/* Before Linux 4.11 (statx) only the name is there without asking a file server. */
static enum descriptor_kind kind_of(const struct task *task, uint64_t fd)
{
	char name[32], path[PROC_PATH_MAX];

	snprintf(name, sizeof(name), "fd/%d", (int)fd);
	proc_path(task, name, path);
#ifdef SYS_statx
	struct statx st;

	if (syscall(SYS_statx, task->proc, path, AT_STATX_DONT_SYNC, STATX_TYPE, &st) ==
	    0) {
		if (chardev_is(st.stx_mode, makedev(st.stx_rdev_major, st.stx_rdev_minor),
			       CHARDEV_RANDOM))
			return KIND_RANDOM;
		/* The kernel's anonymous files, such as those of epoll, have no type. */
		return st.stx_mode & S_IFMT ? KIND_OTHER : kind_by_name(task, path);
	}
	if (errno != ENOSYS && errno != EPERM)
		return KIND_OTHER;
#endif
	return kind_by_name(task, path);
}

/* Calls visit with each line of the file until it returns true; returns if it did. */
static bool each_line(struct look *look, const char *name,
		      bool (*visit)(struct look *, const char *, size_t, unsigned int),
		      unsigned int depth)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	bool found = false;
	int fd = proc_open(look->task, name, 0);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file) {
		look->hidden = true;
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!found && (len = getline(&line, &size, file)) >= 0)
		found = visit(look, line, (size_t)len, depth);
	free(line);
	fclose(file);
	return found;
}

static bool look_into(struct look *look, uint64_t fd, unsigned int depth);

/*
 * Compares inodes, because the descriptor that was added may have been closed or moved
 * since.
 */
static bool is_our_random(const struct proc_watched *watched)
{
	struct stat st;

	return watched->inode > 0 && stat("/dev/random", &st) == 0 &&
	       chardev_is(st.st_mode, st.st_rdev, CHARDEV_RANDOM) &&
	       watched->inode == st.st_ino &&
	       watched->device ==
		       ((uint64_t)major(st.st_dev) << DEV_MINOR_BITS | minor(st.st_dev));
}

static bool visit_epoll(struct look *look, const char *line, size_t len,
			unsigned int depth)
{
	struct proc_watched watched;

	if (proc_parse_epoll(line, len, &watched) != 0 ||
	    !(watched.events & (EPOLLIN | EPOLLRDNORM)))
		return false;
	return is_our_random(&watched) || look_into(look, (uint64_t)watched.fd, depth);
}

static bool visit_uring(struct look *look, const char *line, size_t len,
			unsigned int depth)
{
	(void)depth;
	look->reads |= proc_parse_uring(line, len);
	look->random |= strstr(line, "/random") != NULL;
	return false;
}

/* Has the process /dev/random open? */
static bool holds_random(struct look *look)
{
	bool found = false;
	int fd = proc_open(look->task, "fd", O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	for (struct dirent *entry; dir && !found && (entry = readdir(dir));) {
		uint64_t number;

		if (number_parse(entry->d_name, &number))
			continue;
		look->count++;
		found = !look_has_time(look) ||
			kind_of(look->task, number) == KIND_RANDOM;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* /proc shows that an io_uring waits to read something, but not what. */
static void look_at_uring(struct look *look, const char *name)
{
	each_line(look, name, visit_uring, 0);
	look->hidden |= look->reads && (look->random || holds_random(look));
}

static bool look_into(struct look *look, uint64_t fd, unsigned int depth)
{
	char name[32];

	if (fd > INT_MAX || !look_has_time(look))
		return false;
	look->count++;
	snprintf(name, sizeof(name), "fdinfo/%d", (int)fd);
	switch (kind_of(look->task, fd)) {
	case KIND_RANDOM:
		return true;
	case KIND_EPOLL:
		return depth < DEPTH_MAX && each_line(look, name, visit_epoll, depth + 1);
	case KIND_URING:
		look_at_uring(look, name);
		return false;
	default:
		return false;
	}
}

bool look_at(struct look *look, uint64_t fd)
{
	return look_into(look, fd, 0);
}
