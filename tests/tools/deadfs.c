/* SPDX-License-Identifier: MIT */
/*
 * "deadfs KIND DIR COMMAND..." runs the command in a mount namespace of its own, with a
 * file system at DIR whose server does not answer. KIND is
 * silent: the server takes no request from its queue, and SIGKILL frees the caller;
 * deaf: the server takes each request and answers none, and not even SIGKILL frees one;
 * hollow: every name is a file of 4096 bytes, which can be opened but never read;
 * slow: as hollow, but each answer takes 60 milliseconds, and a read is an error.
 * It exits with the status of the command, or with 77 where FUSE cannot be mounted.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse.h"

enum { FILE_NODE = 2, SLOW_MS = 60 };

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == FILE_NODE ? FUSE_PAGE : 0,
		.mode = node == FILE_NODE ? S_IFREG | 0666 : S_IFDIR | 0777,
		.nlink = 1,
		.blksize = FUSE_PAGE,
	};
}

static void answer_file(int fd, int read_error)
{
	struct fuse_entry_out entry = { .nodeid = FILE_NODE,
					.attr = attributes(FILE_NODE) };
	struct fuse_attr_out attr = { .attr = attributes(fuse_request.header.nodeid) };
	struct fuse_open_out opened = { .fh = 1 };

	switch (fuse_request.header.opcode) {
	case FUSE_LOOKUP:
		fuse_answer(fd, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		fuse_answer(fd, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		fuse_answer(fd, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		if (read_error)
			fuse_answer(fd, -read_error, NULL, 0);
		break;
	default:
		fuse_answer(fd, -ENOSYS, NULL, 0);
	}
}

/* Serves until it is killed. */
static void serve(int fd, const char *kind)
{
	while (strcmp(kind, "silent") == 0)
		pause();
	for (;;) {
		ssize_t n = read(fd, fuse_request.bytes, sizeof(fuse_request.bytes));

		if (n < 0 && errno != EINTR && errno != ENOENT)
			return;
		if (n < (ssize_t)sizeof(fuse_request.header))
			continue;
		if (fuse_request.header.opcode == FUSE_INIT) {
			fuse_answer_init(fd);
			continue;
		}
		if (fuse_request.header.opcode == FUSE_FORGET ||
		    strcmp(kind, "deaf") == 0)
			continue;
		if (strcmp(kind, "slow") == 0)
			poll(NULL, 0, SLOW_MS);
		answer_file(fd, strcmp(kind, "slow") == 0 ? EIO : 0);
	}
}

static int mount_at(const char *dir)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    fuse_mount(fd, dir, S_IFDIR, "allow_other") != 0)
		return -1;
	return fd;
}

static int start(char **command, int fd)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fd);
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fputs("usage: deadfs KIND DIR COMMAND...\n", stderr);
		return 2;
	}

	int fd = mount_at(argv[2]);

	if (fd < 0) {
		perror("deadfs");
		return 77;
	}

	pid_t server = fork();

	/* The server dies with this process, so that no caller hangs for longer. */
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd, argv[1]);
		_exit(0);
	}

	int status = start(argv + 3, fd);

	/* With its last descriptor closed, all callers that hang get an error. */
	kill(server, SIGKILL);
	close(fd);
	waitpid(server, NULL, 0);
	return status;
}
