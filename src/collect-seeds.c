/* SPDX-License-Identifier: MIT */
/*
 * Looks at seed files from outside. None is ever opened for reading: who knows the seed
 * knows what comes of it. A captured tree has a line about each instead of the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "collect.h"
#include "io.h"

#define DROP_IN "systemd/system/systemd-random-seed.service.d"

struct search {
	int root;
	const char *directory;
	bool credits;
};

/* Environment=SYSTEMD_RANDOM_SEED_CREDIT=... of a drop-in; comments do not count. */
static bool sets_credit(const char *text)
{
	static const char *const yes[] = { "1", "yes", "true", "on", "force" };
	static const char name[] = "SYSTEMD_RANDOM_SEED_CREDIT=";

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, "\n");

		const char *value = strstr(line, name);

		if (line[0] == '#' || line[0] == ';' || !value ||
		    value > line + strcspn(line, "\n"))
			continue;
		value += strlen(name);
		for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
			if (strncmp(value, yes[i], strlen(yes[i])) == 0)
				return true;
	}
	return false;
}

static void visit_drop_in(int dir, const char *name, void *data)
{
	struct search *search = data;
	char path[512], text[4096];

	(void)dir;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", search->directory, name) <
		    sizeof(path) &&
	    io_read_in(search->root, path, text, sizeof(text)) > 0)
		search->credits |= sets_credit(text);
}

static bool systemd_credits(int root)
{
	static const char *const directories[] = { "/etc/" DROP_IN, "/run/" DROP_IN,
						   "/usr/lib/" DROP_IN };
	struct search search = { .root = root };

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		search.directory = directories[i];
		collect_names(root, directories[i], visit_drop_in, &search);
	}
	return search.credits;
}

static void read_mark(struct seed_file *file)
{
	char mark[8] = "";
	ssize_t len = lgetxattr(file->path, "user.random-seed-creditable", mark,
				sizeof(mark) - 1);

	file->marked = len > 0 && mark[0] == '1';
	file->mark_hidden = len < 0 && (errno == EACCES || errno == EPERM);
}

static void look_at(struct seed_file *file)
{
	struct stat st;
	struct statfs fs;
	int fd = io_open_any_in(IO_LIVE_ROOT, file->path, O_PATH | O_NOFOLLOW);

	if (fd < 0 || fstat(fd, &st) != 0) {
		file->unknown = collect_why(fd < 0 ? -fd : errno);
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
		file->is_volatile = fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC;
	}
	close(fd);
	read_mark(file);
}

static void look_everywhere(struct seeds *seeds, bool credits)
{
	seeds->now = time(NULL);
	for (const struct seed_place *place = seed_places; place->path; place++) {
		struct seed_file *file = &seeds->list[seeds->count];

		if (collect_exists(IO_LIVE_ROOT, place->path) == 0)
			continue;
		*file = (struct seed_file){ .system = place->system,
					    .path = place->path };
		look_at(file);
		seeds_credit(file, place, credits);
		seeds->count++;
	}
}

static void read_captured(int root, struct seeds *seeds, bool credits)
{
	char text[8192], *save = NULL;
	long len = io_read_in(root, "/crng-capture/seeds", text, sizeof(text));

	if (len < 0) {
		seeds->unknown = len == -ENOENT ? collect_captured
						: collect_why((int)-len);
		return;
	}
	for (char *line = strtok_r(text, "\n", &save); line && seeds->count < SEEDS_MAX;
	     line = strtok_r(NULL, "\n", &save)) {
		struct seed_file *file = &seeds->list[seeds->count];
		const struct seed_place *place;

		if (seeds_parse_line(line, file, &place) != 0 || !place)
			continue;
		seeds_credit(file, place, credits);
		seeds->count++;
	}
}

void collect_seeds(int root, struct facts *facts)
{
	struct seeds *seeds = &facts->seeds;
	bool credits = systemd_credits(root);

	seeds->unknown = NULL;
	if (root == IO_LIVE_ROOT) {
		look_everywhere(seeds, credits);
	} else {
		if (!facts->boot_time.unknown && !facts->uptime.unknown)
			seeds->now =
				(int64_t)(facts->boot_time.number + facts->uptime.number);
		read_captured(root, seeds, credits);
	}
	seeds->none_but_hidden = seeds->count > 0;
	for (size_t i = 0; i < seeds->count; i++)
		seeds->none_but_hidden &= seeds->list[i].unknown != NULL;
}
