/* SPDX-License-Identifier: MIT */
/* What all collectors read in the same way: small files, numbers, directories. */
#include "status/collect/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/number.h"
#include "base/root.h"
#include "base/text.h"

const char read_live_only[] = "a captured tree does not record this";

/*
 * Reads the only line of a small file of /proc or /sys. Returns NULL, or why it cannot.
 */
static const char *read_line(int root, const char *path, char *line, size_t size)
{
	long len = root_read(root, path, line, size);

	if (len < 0)
		return text_error((int)-len);
	if (len > 0 && line[len - 1] == '\n')
		line[--len] = '\0';
	/* The kernel ends some lists with a blank. */
	while (len > 0 && line[len - 1] == ' ')
		line[--len] = '\0';
	return strcspn(line, "\n") == (size_t)len && (size_t)len < size - 1
		       ? NULL
		       : "not a single line of text";
}

void read_text(int root, const char *path, struct fact_text *fact)
{
	char line[FACT_TEXT_MAX];
	const char *why = read_line(root, path, line, sizeof(line));

	if (why)
		fact->unknown = why;
	else
		fact_text(fact, line);
}

void read_number(int root, const char *path, struct fact_number *fact)
{
	char line[32];
	uint64_t number = 0;
	const char *why = read_line(root, path, line, sizeof(line));

	if (!why)
		why = number_parse(line, &number);
	if (why)
		fact->unknown = why;
	else
		fact_number(fact, number);
}

void read_flag(int root, const char *path, struct fact_flag *fact)
{
	struct fact_number number;

	read_number(root, path, &number);
	if (number.unknown)
		fact->unknown = number.unknown;
	else
		fact_flag(fact, number.number > 0);
}

const char *read_gap(int root, const char *hierarchy)
{
	bool live = root == ROOT_LIVE;
	int there = root_exists(root, hierarchy);

	if (there != 0)
		return there < 0 ? text_error(-there) : NULL;
	if (strncmp(hierarchy, "/proc/", strlen("/proc/")) == 0)
		return live ? "/proc is not mounted" : "the captured tree has no /proc";
	return live ? "/sys is not mounted" : "the captured tree has no /sys";
}

void read_presence(int root, const char *hierarchy, const char *path,
		   struct fact_flag *fact)
{
	int there = root_exists(root, path);
	const char *gap = there == 0 ? read_gap(root, hierarchy) : NULL;

	if (there < 0 || gap)
		fact->unknown = gap ? gap : text_error(-there);
	else
		fact_flag(fact, there);
}

static int visit_all(int root, const char *path,
		     void (*visit)(int dir, const char *name, void *data), void *data)
{
	int fd = root_open_any(root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		int error = fd < 0 ? -fd : errno;

		if (fd >= 0)
			close(fd);
		return -error;
	}
	for (struct dirent *entry; (entry = readdir(dir));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			visit(fd, entry->d_name, data);
	closedir(dir);
	return 0;
}

int read_names(int root, const char *path,
	       void (*visit)(int dir, const char *name, void *data), void *data)
{
	if (!ask_begin(path))
		return -ETIMEDOUT;

	int rc = visit_all(root, path, visit, data);

	ask_end();
	return rc;
}

int read_captured_files(int root,
			void (*visit)(const char *path, const struct seed_file *file,
				      void *data),
			void *data)
{
	char text[8192], path[SEED_PATH_MAX], *save = NULL;
	long len = root_read(root, "/crng-capture/seeds", text, sizeof(text));
	struct seed_file file;

	if (len < 0)
		return (int)len;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (seeds_parse_line(line, path, &file) == 0)
			visit(path, &file, data);
		else
			visit(line, NULL, data);
	return 0;
}
