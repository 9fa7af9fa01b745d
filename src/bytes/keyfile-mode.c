/* SPDX-License-Identifier: MIT */
/*
 * The mode of a key file. chmod(2) does not tell what it is: ntfs-3g, CIFS and others
 * report success and change nothing; vfat reports failure where the mount options keep
 * all files private.
 */
#include "bytes/keyfile-mode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef AT_STATX_FORCE_SYNC
#define AT_STATX_FORCE_SYNC 0x2000
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef STATX_BASIC_STATS
#define STATX_BASIC_STATS 0x07ffU
#endif

#define NOT_OWNER ((mode_t)(S_IRWXG | S_IRWXO))

/* Makes the kernel ask the server of the file instead of trusting its cache. */
static void refresh(int fd)
{
#ifdef SYS_statx
	uint64_t ignored[32]; /* struct statx, which not every libc has */

	syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
		ignored);
#else
	(void)fd;
#endif
}

int keyfile_check_mode(struct keyfile *keyfile)
{
	struct stat st;

	refresh(keyfile->fd);
	if (fstat(keyfile->fd, &st) != 0)
		return -errno;
	keyfile->mode = st.st_mode & ~(mode_t)S_IFMT;
	keyfile->owner = st.st_uid;
	keyfile->problem = st.st_mode & NOT_OWNER & ~keyfile->wanted ? KEYFILE_EXPOSED
			   : st.st_uid != geteuid()		     ? KEYFILE_FOREIGN
								     : KEYFILE_NO_PROBLEM;
	return keyfile->problem == KEYFILE_NO_PROBLEM ? 0 : -EACCES;
}

/* Returns 0 also where there is no list, or no such thing. */
static int remove_acl(int fd)
{
	if (fremovexattr(fd, "system.posix_acl_access") == 0 || errno == ENODATA ||
	    errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	return -errno;
}

int keyfile_widen(struct keyfile *keyfile)
{
	if ((keyfile->wanted & ~(mode_t)(S_IRUSR | S_IWUSR)) == 0)
		return 0;

	int rc = remove_acl(keyfile->fd);

	if (rc != 0)
		return rc;
	fchmod(keyfile->fd, keyfile->wanted);
	rc = keyfile_check_mode(keyfile);
	if (rc == 0 && ((keyfile->mode ^ keyfile->wanted) & NOT_OWNER)) {
		keyfile->problem = KEYFILE_NARROW;
		rc = -EACCES;
	}
	return rc;
}
