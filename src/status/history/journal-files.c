/* SPDX-License-Identifier: MIT */
/*
 * Which files journalctl(1) is given. It fails as a whole if it cannot make use of one of
 * several files, so the header of each is checked here
 * (systemd.io/JOURNAL_FILE_FORMAT, stable since 2012).
 */
#include "status/history/journal-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/root.h"
#include "base/text.h"

enum {
	ID_LEN = 32,
	PATH_BYTES = 512,
	HEADER_SIZE = 208, /* of the first version */
	AT_HEADER_SIZE = 88,
	AT_ARENA_SIZE = 96,
	AT_ENTRIES = 152,
	AT_TAIL_REALTIME = 192,
	SPARE = 32, /* descriptors for everything else, here and in journalctl */
};

static const char *const places[] = { "/var/log/journal", "/run/log/journal" };

/* The active journal file, archived ones, and those that were not closed cleanly. */
static bool is_system_journal(const char *name)
{
	size_t len = strlen(name);

	return strcmp(name, "system.journal") == 0 ||
	       (strncmp(name, "system@", strlen("system@")) == 0 &&
		(text_ends_with(name, len, ".journal") ||
		 text_ends_with(name, len, ".journal~")));
}

static uint64_t number_at(const unsigned char *from)
{
	uint64_t number = 0;

	for (int i = 7; i >= 0; i--)
		number = number << 8 | from[i];
	return number;
}

/* What matters of a header. */
struct header {
	uint64_t entries; /* their number */
	uint64_t tail;	  /* when the last one was made */
};

/* Is it a journal, of the size that it claims? */
static bool is_sound(int fd, off_t file_size, struct header *out)
{
	unsigned char header[HEADER_SIZE];

	if (pread(fd, header, HEADER_SIZE, 0) != HEADER_SIZE ||
	    memcmp(header, "LPKSHHRH", 8) != 0)
		return false;

	uint64_t size = number_at(header + AT_HEADER_SIZE),
		 arena = number_at(header + AT_ARENA_SIZE);

	out->entries = number_at(header + AT_ENTRIES);
	out->tail = number_at(header + AT_TAIL_REALTIME);
	return size >= HEADER_SIZE && size <= (uint64_t)file_size &&
	       arena <= (uint64_t)file_size - size;
}

/*
 * Keeps the file, in its place by the time of its last entry. Where there are too many,
 * the oldest one goes.
 */
static void insert(struct files *files, int fd, uint64_t tail)
{
	size_t at = files->count;

	if (files->count < files->max) {
		files->count++;
	} else {
		bool older = at == 0 || files->tail[at - 1] >= tail;

		files->more = true;
		close(older ? fd : files->fd[--at]);
		if (older)
			return;
	}
	for (; at > 0 && files->tail[at - 1] < tail; at--) {
		files->tail[at] = files->tail[at - 1];
		files->fd[at] = files->fd[at - 1];
	}
	files->tail[at] = tail;
	files->fd[at] = fd;
}

static void note_failure(struct files *files, int error)
{
	if (error == -EACCES || error == -EPERM)
		files->denied = true;
	else if (error != -ENOENT)
		files->unread = true;
}

/* Skips what is no file, and files that have been removed since their names were read. */
static void open_file(int root, const char *path, struct files *files)
{
	int fd = root_open_any(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	struct header header;
	struct stat st;

	if (fd == -ELOOP || fd == -ENOENT)
		return;
	if (fd < 0) {
		note_failure(files, fd);
	} else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 0) {
		if (is_sound(fd, st.st_size, &header)) {
			files->entries |= header.entries > 0;
			insert(files, fd, header.tail);
			return;
		}
		files->damaged = true;
	}
	if (fd >= 0)
		close(fd);
}

static void open_place(int root, const char *place, const char *id, struct files *files)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", place, id);

	int fd = root_open_any(root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd < 0)
		note_failure(files, fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!is_system_journal(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s", place, id, entry->d_name);
		open_file(root, path, files);
	}
	closedir(dir);
}

static const char *read_id(int root, char id[ID_LEN + 1])
{
	char text[ID_LEN + 2];
	long len = root_read(root, "/etc/machine-id", text, sizeof(text));

	if (len == -ENOENT)
		return "there is no /etc/machine-id, which names the journal";
	if (len < 0)
		return text_error((int)-len);
	text[strcspn(text, "\n")] = '\0';
	if (strspn(text, "0123456789abcdef") != ID_LEN || text[ID_LEN] != '\0')
		return "/etc/machine-id does not hold a machine ID";
	memcpy(id, text, ID_LEN + 1);
	return NULL;
}

static bool any_place(int root)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (root_exists(root, places[i]) != 0)
			return true;
	return false;
}

/* Opens the files of both places. Returns NULL, or why they are not known. */
static const char *open_places(int root, struct files *files)
{
	char id[ID_LEN + 1];

	if (!any_place(root))
		return NULL;

	const char *why = read_id(root, id);

	for (size_t i = 0; !why && i < sizeof(places) / sizeof(*places); i++) {
		if (!ask_begin(places[i]))
			return "the file system of the journal does not answer";
		open_place(root, places[i], id, files);
		ask_end();
	}
	return why;
}

/* How many files can be open at once? journalctl opens each of them once more. */
static size_t room(void)
{
	struct rlimit limit = { .rlim_cur = 2 * FILES_MAX + SPARE };

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < SPARE)
		return 0;
	return limit.rlim_cur < 2 * FILES_MAX + SPARE
		       ? (size_t)(limit.rlim_cur - SPARE) / 2
		       : FILES_MAX;
}

const char *files_open(int root, struct files *files)
{
	*files = (struct files){ .absent = true, .max = room() };

	const char *why = open_places(root, files);

	files->fd[files->count] = -1;
	files->absent = !why && files->count == 0 && !files->denied && !files->damaged &&
			!files->unread && !files->more;
	if (why || files->count > 0)
		return why;
	return files->denied	? "no permission to read the journal; ask as root or as "
				  "a member of the group systemd-journal"
	       : files->damaged ? "all journal files are damaged"
	       : files->absent	? "there is no journal of this machine"
				: "the journal cannot be opened";
}

void files_close(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		close(files->fd[i]);
	files->count = 0;
	files->fd[0] = -1;
}
