/* SPDX-License-Identifier: MIT */
/*
 * Keys end up in files. A key file that is incomplete, or readable by others for an
 * instant, is worse than none, and people forget "umask 077", sync and mv.
 */
#include "bytes/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/discard.h"
#include "bytes/keyfile-mode.h"
#include "bytes/keyfile-place.h"
#include "bytes/keyfile-target.h"

enum { OWNER_ONLY = 0600 };

static int create_named(struct keyfile *keyfile)
{
	keyfile->fd = openat(keyfile->dir, keyfile->temporary,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			     keyfile->wanted & OWNER_ONLY);
	return keyfile->fd < 0 ? -errno : 0;
}

static int open_directory(struct keyfile *keyfile, const char *path)
{
	char copy[PATH_MAX];
	const char *directory;
	const char *slash = strrchr(path, '/');

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	keyfile->name = slash ? slash + 1 : path;
	if (keyfile->name[0] == '\0')
		return path[0] == '\0' ? -ENOENT : -EISDIR;
	strcpy(copy, path);
	directory = dirname(copy);
	keyfile->dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A directory that may be written but not read cannot be synced; the file can. */
	if (keyfile->dir < 0 && errno == EACCES)
		keyfile->dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return keyfile->dir < 0 ? -errno : 0;
}

/* A file without a name can get one only through /proc, if that is procfs. */
static void open_nameless(struct keyfile *keyfile)
{
	char self[KEYFILE_SELF_MAX];

	keyfile->fd = openat(keyfile->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
			     keyfile->wanted & OWNER_ONLY);
	if (keyfile->fd < 0)
		return;
	keyfile_name_by_fd(keyfile, self);
	keyfile->nameless = keyfile_is_ours(keyfile, AT_FDCWD, self, 0);
	if (!keyfile->nameless)
		close(keyfile->fd);
}

/*
 * A file that is not private when it is created may already be open elsewhere when it
 * becomes so.
 */
static int open_named(struct keyfile *keyfile)
{
	cleanup_file(keyfile->dir, keyfile->temporary, -1);

	int rc = keyfile_with_new_name(keyfile, create_named);

	if (rc != 0)
		return rc;
	cleanup_file(keyfile->dir, keyfile->temporary, keyfile->fd);
	return keyfile_check_mode(keyfile);
}

int keyfile_open(struct keyfile *keyfile, const char *path, unsigned int mode,
		 bool replace)
{
	*keyfile = (struct keyfile){
		.wanted = mode,
		.replace = replace,
		.fd = -1,
		.dir = -1,
	};

	int rc = open_directory(keyfile, path);

	if (rc == 0)
		rc = keyfile_check_target(keyfile->dir, keyfile->name, replace);
	if (rc != 0)
		return rc;
	open_nameless(keyfile);
	if (!keyfile->nameless)
		rc = open_named(keyfile);
	if (rc != 0)
		return rc;
	fchmod(keyfile->fd, mode & OWNER_ONLY); /* the umask may have taken these */
	return keyfile_check_mode(keyfile);
}

int keyfile_commit(struct keyfile *keyfile)
{
	int rc = keyfile_widen(keyfile);

	if (rc == 0 && fsync(keyfile->fd) != 0)
		rc = -errno;
	if (rc == 0)
		rc = keyfile_check_mode(keyfile);
	if (rc == 0)
		rc = keyfile_put_into_place(keyfile);
	if (rc == 0)
		rc = keyfile_check_ours(keyfile, keyfile->name);
	if (rc == 0 && fsync(keyfile->dir) != 0 && errno != EINVAL && errno != EBADF)
		rc = -errno;
	return rc;
}

int keyfile_close(struct keyfile *keyfile)
{
	int rc = 0;

	/* Our file may have another name by now. */
	if (keyfile->problem == KEYFILE_REPLACED)
		discard_bytes(keyfile->fd);
	if (keyfile->temporary[0] != '\0')
		rc = discard(keyfile->dir, keyfile->temporary, keyfile->fd,
			     &keyfile->erased);
	cleanup_file(-1, NULL, -1);
	if (keyfile->fd >= 0)
		close(keyfile->fd);
	if (keyfile->dir >= 0)
		close(keyfile->dir);
	return rc;
}
