/* SPDX-License-Identifier: MIT */
/*
 * Looks at seed files from outside. None is ever opened for reading, because anyone who
 * knows a seed can predict what is derived from it. A captured tree lists the files
 * instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/filesystem.h"
#include "base/root.h"
#include "base/text.h"
#include "seed/durable.h"
#include "seed/files.h"
#include "seed/machine.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"
#include "status/collect/sandbox-mount.h"
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

/* By seed.machine, which is no secret. */
static void find_machine(int dir, struct seed_file *file)
{
	static const enum seed_machine matches[] = {
		[MACHINE_NEW] = SEED_MACHINE_NONE,
		[MACHINE_SAME] = SEED_MACHINE_SAME,
		[MACHINE_OTHER] = SEED_MACHINE_OTHER,
		[MACHINE_UNKNOWN] = SEED_MACHINE_UNKNOWN,
	};
	struct machine machine;

	int rc = machine_look(dir, &machine);

	file->machine = matches[machine.match];
	file->machine_unknown = rc == -ELOOP || rc == -EINVAL ? SEED_MACHINE_FILE
					" is not a regular file"
							      : machine.why;
	/* Machines without an identity all look the same. */
	if (machine.match == MACHINE_SAME && strcmp(machine.name, "none") == 0)
		file->machine = SEED_MACHINE_NONE;
}

/* The directory that crng seed shares with SeedRNG, which looks only at the names. */
static void look_at_directory(struct seed_file *file)
{
	struct stat st;
	int dir = root_open_any(ROOT_LIVE, SEED_DIRECTORY,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	file->refused = dir < 0 || fstat(dir, &st) != 0 || st.st_uid != 0 ||
			(st.st_mode & (S_IWGRP | S_IWOTH));
	if (dir < 0)
		return;
	file->unkept = durable_doubt(dir, NULL) != NULL;
	find_machine(dir, file);
	close(dir);
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
	file->linked = st.st_nlink > 1;
	if (fstatfs(fd, &fs) == 0) {
		file->read_only = ((unsigned long)fs.f_flags & ST_RDONLY) != 0 &&
				  !sandbox_mount(fd, st.st_dev);
		file->is_volatile = is_volatile((uint32_t)fs.f_type);
	}
	close(fd);
	read_mark(file);
	if (strcmp(file->system, "SeedRNG") == 0)
		look_at_directory(file);
}

static bool any_exists(int root, const char *const *paths)
{
	for (; *paths; paths++)
		if (root_exists(root, *paths) == 1)
			return true;
	return false;
}

/* Any file of that name counts as SeedRNG. */
static enum seedrng find_seedrng(int root)
{
	if (root_exists(root, "/etc/init.d/seedrng") == 1)
		return SEEDRNG_OPENRC;
	return any_exists(root, seed_seedrng) ? SEEDRNG_PROGRAM : SEEDRNG_ABSENT;
}

/* Is it certain that none of these exists? */
static bool none_exists(const char *const *paths)
{
	for (; *paths; paths++)
		if (root_exists(ROOT_LIVE, *paths) != 0)
			return false;
	return true;
}

/* Is none of the programs that would load it installed? */
static bool is_orphan(const struct seed_place *place)
{
	if (!place->loaders || !none_exists(place->loaders))
		return false;
	return place->loaders != seed_seedrng || none_exists(seed_crng);
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
		seeds_credit(file, place, seeds);
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
	seeds_credit(own, place, seeds);
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
	seeds->crng = any_exists(root, seed_crng);
	if (root == ROOT_LIVE) {
		look_everywhere(seeds);
	} else {
		if (!facts->boot_usec.unknown && !facts->uptime.unknown)
			seeds->now = (int64_t)(facts->boot_usec.number / USEC_PER_S +
					       facts->uptime.number);
		read_captured(root, seeds);
	}
}
