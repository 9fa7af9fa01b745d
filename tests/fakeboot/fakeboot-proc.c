/* SPDX-License-Identifier: MIT */
/* --proc: a tree of the caller's at /proc/sys/kernel/random, for the command alone. */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROC_RANDOM "/proc/sys/kernel/random"

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fakeboot_fail(77, path, errno);
	close(fd);
}

/* Makes a mount namespace, and a user namespace for it where we are not root. */
static void enter_namespace(void)
{
	unsigned int uid = geteuid(), gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWNS)) {
		if (unshare(CLONE_NEWNS | CLONE_NEWUSER))
			fakeboot_fail(77, "--proc: the kernel refuses a namespace",
				      errno);
		snprintf(map, sizeof(map), "%u %u 1", uid, uid);
		write_file("/proc/self/uid_map", map);
		write_file("/proc/self/setgroups", "deny");
		snprintf(map, sizeof(map), "%u %u 1", gid, gid);
		write_file("/proc/self/gid_map", map);
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		fakeboot_fail(77, "--proc: the kernel refuses a private mount", errno);
}

static void copy_file(int from_dir, int to_dir, const char *name)
{
	char text[65536];
	struct stat st;

	int from = openat(from_dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (from < 0 || fstat(from, &st))
		fakeboot_fail(125, name, errno);
	if (S_ISREG(st.st_mode)) {
		int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				0600);
		ssize_t len = read(from, text, sizeof(text));
		if (to < 0 || len < 0 || write(to, text, (size_t)len) != len ||
		    fchmod(to, st.st_mode & 07777))
			fakeboot_fail(125, name, errno);
		close(to);
	}
	close(from);
}

static int read_number(int dir, const char *name, int otherwise)
{
	char text[16] = "";

	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return otherwise;
	ssize_t len = read(fd, text, sizeof(text) - 1);
	close(fd);
	return len > 0 ? atoi(text) : otherwise;
}

/* Shows a copy of --proc DIR on a tmpfs, since entropy_avail changes and DIR must not. */
void fakeboot_proc_init(struct boot *b)
{
	struct dirent *entry;

	DIR *from = opendir(b->opt.proc);
	if (!from)
		fakeboot_fail(125, b->opt.proc, errno);
	enter_namespace();
	if (mount("fakeboot", PROC_RANDOM, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"))
		fakeboot_fail(77, "--proc: the kernel refuses the mount", errno);
	int to = open(PROC_RANDOM, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		fakeboot_fail(125, PROC_RANDOM, errno);
	while ((entry = readdir(from)))
		if (entry->d_name[0] != '.')
			copy_file(dirfd(from), to, entry->d_name);
	b->bits = read_number(to, "entropy_avail", 0);
	b->poolsize = read_number(to, "poolsize", b->poolsize);
	b->entropy_fd = openat(to, "entropy_avail", O_WRONLY | O_CLOEXEC);
	close(to);
	closedir(from);
}
