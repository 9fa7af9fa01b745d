/* SPDX-License-Identifier: MIT */
#include "own-dev.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Shows a file of the former /dev in the new one, unless it has gone in the meantime. */
static void show(int from, int to, const char *name)
{
	char source[NAME_MAX + 64], target[NAME_MAX + 64], link[PATH_MAX] = "";
	struct stat st;

	snprintf(source, sizeof(source), "/proc/self/fd/%d/%s", from, name);
	snprintf(target, sizeof(target), "/dev/%s", name);
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISLNK(st.st_mode)) {
		if (readlinkat(from, name, link, sizeof(link) - 1) > 0)
			(void)!symlinkat(link, to, name);
		return;
	}
	if (S_ISDIR(st.st_mode))
		mkdirat(to, name, 0755);
	else
		close(openat(to, name, O_CREAT | O_CLOEXEC, 0600));
	mount(source, target, NULL, MS_BIND | MS_REC, NULL);
}

int own_dev(void)
{
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return -1;

	DIR *dir = opendir("/dev");

	if (!dir || mount("none", "/dev", "tmpfs", MS_NOSUID, "mode=755") != 0)
		return -1;

	int to = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (struct dirent *file; (file = readdir(dir));)
		if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
			show(dirfd(dir), to, file->d_name);
	closedir(dir);
	return close(to);
}
