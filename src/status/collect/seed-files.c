/* SPDX-License-Identifier: MIT */
/*
 * Looks at seed files from outside. None is ever opened for reading, because anyone who
 * knows a seed can predict what is derived from it. A captured tree lists the files
 * instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"
#include "status/collect/systemd.h"

static void read_mark(struct seed_file *file)
{
	char mark[8] = "";
	ssize_t len = lgetxattr(file->path, "user.random-seed-creditable", mark,
				sizeof(mark) - 1);

	file->marked = len > 0 && seeds_is_mark(mark);
	file->mark_hidden = len < 0 && (errno == EACCES || errno == EPERM);
}

/* The type is signed on some machines, and RAMFS_MAGIC has all 32 bits. */
static bool is_volatile(uint32_t type)
{
	return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

static void look_at(struct seed_file *file)
{
	struct stat st;
	struct statfs fs;
	int fd = root_open_any(ROOT_LIVE, file->path, O_PATH | O_NOFOLLOW);

	if (fd < 0 || fstat(fd, &st) != 0) {
		file->unknown = text_error(fd < 0 ? -fd : errno);
		if (fd >= 0)
			close(fd);
		return;
	}
	if (!S_ISREG(st.st_mode))
		file->unknown = "not a regular file";
	file->size = (uint64_t)st.st_size;
	file->modified = st.st_mtim.tv_sec;
	file->mode = st.st_mode & 07777;
	file->uid = st.st_uid;
	if (fstatfs(fd, &fs) == 0) {
		file->read_only = ((unsigned long)fs.f_flags & ST_RDONLY) != 0;
		file->is_volatile = is_volatile((uint32_t)fs.f_type);
	}
	close(fd);
	read_mark(file);
}

/* Any file of that name counts as SeedRNG. */
static enum seedrng find_seedrng(int root)
{
	static const char script[] = "/etc/init.d/seedrng";

	if (root_exists(root, script) == 1)
		return SEEDRNG_OPENRC;
	for (const char *const *path = seed_seedrng; *path; path++)
		if (root_exists(root, *path) == 1)
			return SEEDRNG_PROGRAM;
	return SEEDRNG_ABSENT;
}

/* Is none of the programs that would load it installed? */
static bool is_orphan(const struct seed_place *place)
{
	for (const char *const *path = place->loaders; path && *path; path++)
		if (root_exists(ROOT_LIVE, *path) != 0)
			return false;
	return place->loaders != NULL;
}

static void look_everywhere(struct seeds *seeds)
{
	seeds->now = time(NULL);
	for (const struct seed_place *place = seed_places; place->path; place++) {
		struct seed_file *file = &seeds->list[seeds->count];

		if (root_exists(ROOT_LIVE, place->path) == 0)
			continue;
		*file = (struct seed_file){ .system = place->system,
					    .path = place->path,
					    .orphan = is_orphan(place),
					    .unknown = text_error(ETIMEDOUT) };
		if (ask_begin(place->path)) {
			file->unknown = NULL;
			look_at(file);
			ask_end();
		}
		seeds_credit(file, place, &seeds->systemd);
		seeds->count++;
	}
}

/* A tree may list a file twice; the first line counts. */
static bool is_known(const struct seeds *seeds, const char *path)
{
	for (size_t i = 0; i < seeds->count; i++)
		if (strcmp(seeds->list[i].path, path) == 0)
			return true;
	return false;
}

static void take_captured(const char *path, const struct seed_file *file, void *data)
{
	struct seeds *seeds = data;
	const struct seed_place *place = seeds_place(path);

	if (!file || !place || is_known(seeds, place->path) || seeds->count == SEEDS_MAX)
		return;

	struct seed_file *own = &seeds->list[seeds->count++];

	*own = *file;
	own->system = place->system;
	own->path = place->path;
	seeds_credit(own, place, &seeds->systemd);
}

static void read_captured(int root, struct seeds *seeds)
{
	int rc = read_captured_files(root, take_captured, seeds);

	if (rc < 0)
		seeds->unknown = rc == -ENOENT ? read_live_only : text_error(-rc);
}

void collect_seed_files(int root, struct facts *facts)
{
	struct seeds *seeds = &facts->seeds;

	seeds->unknown = NULL;
	seeds->count = 0;
	systemd_ask(root, &seeds->systemd);
	seeds->seedrng = find_seedrng(root);
	if (root == ROOT_LIVE) {
		look_everywhere(seeds);
	} else {
		if (!facts->boot_usec.unknown && !facts->uptime.unknown)
			seeds->now = (int64_t)(facts->boot_usec.number / USEC_PER_S +
					       facts->uptime.number);
		read_captured(root, seeds);
	}
}
