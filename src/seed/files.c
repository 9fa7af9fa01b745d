/* SPDX-License-Identifier: MIT */
/*
 * Invariant: at every instant a seed lies on the disk. It is replaced, never removed
 * first, and what a call has reported is durable. The order of the system calls:
 *
 *     unlink(seed.new), open(O_EXCL), write, fsync, close       files_write_new()
 *     rename(seed.new, NAME), fsync(NAME), fsync(directory),
 *     unlink(the other name), fsync(directory)                  files_put()
 */
#include "seed/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "seed/directory.h"

#define OTHERS ((mode_t)(S_IRWXG | S_IRWXO))

void files_guard(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	umask(S_IRWXG | S_IRWXO);
	signal(SIGXFSZ, SIG_IGN);
}

const char *files_name(enum seed_kind kind)
{
	return kind == SEED_CREDITABLE ? SEED_CREDIT_FILE : SEED_NO_CREDIT_FILE;
}

bool files_is_ours(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

static int read_open(int fd, struct stored_seed *file)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	file->there = true;
	file->mode = st.st_mode & 07777;
	file->owner = st.st_uid;
	file->links = st.st_nlink;
	while (file->len < sizeof(file->bytes)) {
		ssize_t n = read(fd, file->bytes + file->len,
				 sizeof(file->bytes) - file->len);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -errno;
		file->len += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Opening a device can have side effects, so the type is checked first. */
int files_read(int dir, const char *name, struct stored_seed *file)
{
	struct stat st;

	*file = (struct stored_seed){ .there = false };
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISLNK(st.st_mode) ? -ELOOP : -EINVAL;

	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	int rc = read_open(fd, file);

	close(fd);
	return rc;
}

static int write_synced(int fd, const void *data, size_t n, bool *exposed)
{
	struct stat st;
	int rc = io_write_full(fd, data, n);

	if (rc == 0 && fsync(fd) != 0)
		rc = -errno;
	if (rc == 0 && fstat(fd, &st) != 0)
		rc = -errno;
	if (rc == 0)
		*exposed = (st.st_mode & OTHERS) || !files_is_ours(st.st_uid);
	return rc;
}

int files_write_new(int dir, const char *name, const void *data, size_t n, bool *exposed)
{
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return -errno;

	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			S_IRUSR);

	if (fd < 0)
		return -errno;

	int rc = write_synced(fd, data, n, exposed);

	if (close(fd) != 0 && rc == 0)
		rc = -errno;
	if (rc != 0)
		unlinkat(dir, name, 0);
	return rc;
}

/*
 * On FAT, the new name of a file leads to its data on the disk only once the file has
 * been synced again.
 */
static int sync_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int rc = fd >= 0 && fsync(fd) == 0 ? 0 : -errno;

	if (fd >= 0)
		close(fd);
	return rc;
}

int files_rename(int dir, const char *new, const char *name, const char **call)
{
	*call = "rename";
	if (renameat(dir, new, dir, name) != 0)
		return -errno;
	*call = "fsync";

	int rc = sync_file(dir, name);

	return rc == 0 ? directory_sync(dir) : rc;
}

int files_put(int dir, enum seed_kind kind, const char **call)
{
	enum seed_kind other = kind == SEED_CREDITABLE ? SEED_UNCREDITABLE
						       : SEED_CREDITABLE;
	int rc = files_rename(dir, SEED_NEW_FILE, files_name(kind), call);

	if (rc != 0) {
		/* The next run must not take a seed for durable that may not be. */
		if (strcmp(*call, "rename") == 0)
			unlinkat(dir, SEED_NEW_FILE, 0);
		else if (kind == SEED_CREDITABLE)
			renameat(dir, SEED_CREDIT_FILE, dir, SEED_NO_CREDIT_FILE);
		return rc;
	}
	if (unlinkat(dir, files_name(other), 0) == 0)
		return directory_sync(dir);
	*call = "unlink";
	return errno == ENOENT ? 0 : -errno;
}

int files_demote(int dir)
{
	const char *call;
	int rc = files_rename(dir, SEED_CREDIT_FILE, SEED_NO_CREDIT_FILE, &call);

	return rc == -ENOENT ? 0 : rc;
}
