/* SPDX-License-Identifier: MIT */
/* Asks a program of the system for what it alone knows, which saves a library. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"

enum { GRACE_MS = 100, PATH_BYTES = 64 };

static const char *const directories[] = {
	"/usr/bin",
	"/bin",
	"/run/current-system/sw/bin",
};

/* posix_spawn() does not change its arguments, but its prototype does not say so. */
static int spawn_it(pid_t *pid, const char *const argv[],
		    const posix_spawn_file_actions_t *files,
		    const posix_spawnattr_t *attr)
{
	char *env[] = { (char[]){ "PATH=/usr/bin:/bin" }, (char[]){ "LC_ALL=C" }, NULL };
	union {
		const char *const *from;
		char *const *to;
	} args = { .from = argv };
	int rc = ENOENT;

	for (size_t i = 0; rc == ENOENT && i < sizeof(directories) / sizeof(*directories);
	     i++) {
		char path[PATH_BYTES];

		snprintf(path, sizeof(path), "%s/%s", directories[i], argv[0]);
		rc = posix_spawn(pid, path, files, attr, args.to, env);
	}
	return -rc;
}

/* Nothing of the caller's environment may change what is run or what it prints. */
static int start(pid_t *pid, const char *const argv[], int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);

	int rc = spawn_it(pid, argv, &files, &attr);

	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/*
 * Reads until the end of the output, at most until the deadline. Returns the length or
 * -errno.
 */
static long read_output(int fd, char *buf, size_t size, int64_t deadline)
{
	size_t len = 0;

	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		struct timespec left;
		int ready = ppoll(
			&pfd, 1, deadline_timespec(deadline_left(deadline), &left), NULL);
		ssize_t n = ready > 0 && len < size ? read(fd, buf + len, size - len)
						    : -1;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready > 0 && len == size)
			return -EFBIG;
		if (n == 0)
			return (long)len;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
}

/*
 * Waits until the child ends. One that sits in the RNG of Linux 5.4 to 5.17 is deaf even
 * to SIGKILL and is left alone. Returns whether the child succeeded; where SIGCHLD is
 * ignored nobody can know, and its output has to be enough.
 */
static bool reap(pid_t pid)
{
	int status = -1;

	for (int ms = 0; ms < GRACE_MS; ms++) {
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended != 0)
			return ended > 0 ? status == 0 : errno == ECHILD;
		poll(NULL, 0, 1);
	}
	kill(pid, SIGKILL);
	return false;
}

long child_output(const char *const argv[], int64_t deadline, char *buf, size_t size)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;

	int rc = start(&pid, argv, ends[1]);

	close(ends[1]);
	if (rc == 0)
		ask_program(pid);

	long len = rc != 0 ? rc : read_output(ends[0], buf, size - 1, deadline);

	close(ends[0]);
	ask_program(0);
	if (rc == 0 && len < 0)
		kill(pid, SIGKILL);
	if (rc == 0 && !reap(pid) && len >= 0)
		return -ENODATA;
	if (len >= 0)
		buf[len] = '\0';
	return len;
}
