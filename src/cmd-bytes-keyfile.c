/* SPDX-License-Identifier: MIT */
/* The messages of crng bytes about its output file, each with what to do. */
#include "cmd-bytes-keyfile.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "command.h"

/* Reports what an error number cannot express; returns false if it can. */
static bool report_problem(const struct keyfile *keyfile, const char *path)
{
	switch (keyfile->problem) {
	case KEYFILE_NO_PROBLEM:
		return false;
	case KEYFILE_EXPOSED:
		message("%s: not private: this file system gives it mode %04o; use another "
			"directory, or mount this one with umask=077 "
			"(CIFS: file_mode=0600)",
			path, keyfile->mode);
		return true;
	case KEYFILE_NARROW:
		message("%s: this file system gives it mode %04o instead of %04o; use "
			"another directory",
			path, keyfile->mode, keyfile->wanted);
		return true;
	case KEYFILE_FOREIGN:
		message("%s: not private: this file system gives it to user %u (mode %04o); "
			"use another directory, or mount this one with uid=%u,umask=077 "
			"(CIFS: file_mode=0600)",
			path, keyfile->owner, keyfile->mode, (unsigned int)geteuid());
		return true;
	case KEYFILE_REPLACED:
		message("%s: another process put a different file in its place; use a directory "
			"that only you can write to",
			path);
		return true;
	case KEYFILE_UNGUARDED:
		message("%s: on this file system, crng could replace a file that appears in "
			"the meantime; use --force, or another directory",
			path);
		return true;
	}
	return false;
}

int bytes_report_keyfile(const struct keyfile *keyfile, int rc, const char *path)
{
	if (rc == 0)
		return STATUS_OK;
	if (rc == -EEXIST)
		message("%s: already exists; use --force to replace it", path);
	else if (rc == -ENOTSUP && keyfile->problem == KEYFILE_NO_PROBLEM)
		message("%s: not a regular file; use redirection (> %s)", path, path);
	else if (!report_problem(keyfile, path))
		message("%s: %s", path, strerror(-rc));
	return STATUS_FAILURE;
}
