/* SPDX-License-Identifier: MIT */
/*
 * The journal of this boot, where /dev/kmsg does not tell. journalctl(1) reads it: the
 * files' format is systemd's own, and a program that is only a fallback costs no library.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "deadline.h"
#include "timeline-read.h"

enum {
	OUTPUT_MAX = 32 << 20, /* bytes: a kernel log of 10,000 records is about 8 MiB */
	GRACE_MS = 100,
};

#define JOURNAL_NS (2 * NS_PER_S)

/* Nothing of the caller's environment may change what is run or what it prints. */
static int start(pid_t *pid, int out)
{
	static const char *const paths[] = { "/usr/bin/journalctl", "/bin/journalctl" };
	char *argv[] = { (char[]){ "journalctl" }, (char[]){ "-k" },
			 (char[]){ "-b" },	   (char[]){ "-q" },
			 (char[]){ "--no-pager" }, (char[]){ "-o" },
			 (char[]){ "json" },	   NULL };
	char *env[] = { (char[]){ "PATH=/usr/bin:/bin" }, (char[]){ "LC_ALL=C" }, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc = ENOENT;

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
	for (size_t i = 0; rc == ENOENT && i < sizeof(paths) / sizeof(paths[0]); i++)
		rc = posix_spawn(pid, paths[i], &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -rc;
}

/* Reads all until the end, at most until deadline. Returns the length or -errno. */
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
 * Sees the child end. One that sits in the RNG of Linux 5.4 to 5.17 is deaf even to
 * SIGKILL and is left to itself. Returns whether it ended well.
 */
static bool reap(pid_t pid)
{
	int status = -1;

	for (int ms = 0; ms < GRACE_MS; ms++) {
		if (waitpid(pid, &status, WNOHANG) != 0)
			return status == 0;
		poll(NULL, 0, 1);
	}
	kill(pid, SIGKILL);
	return false;
}

/* Returns the length of journalctl's output or -errno; -ENODATA where it failed. */
static long run(char *buf, size_t size)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;

	int rc = start(&pid, ends[1]);

	close(ends[1]);
	if (rc == 0)
		ask_program(pid);

	long len = rc != 0 ? rc
			   : read_output(ends[0], buf, size, deadline_after(JOURNAL_NS));

	close(ends[0]);
	ask_program(0);
	if (rc == 0 && len < 0)
		kill(pid, SIGKILL);
	if (rc == 0 && !reap(pid) && len >= 0)
		return -ENODATA;
	return len;
}

static const char *read_journal(struct timeline *timeline)
{
	if (access("/run/log/journal", F_OK) != 0 &&
	    access("/var/log/journal", F_OK) != 0)
		return "there is no journal";

	char *buf = malloc(OUTPUT_MAX);
	long len = buf ? run(buf, OUTPUT_MAX) : -ENOMEM;
	int rc = len < 0 ? (int)len
			 : timeline_add_lines(timeline, buf, (size_t)len,
					      kmsg_parse_journal);

	free(buf);
	if (rc != 0 || timeline->records == 0)
		return "the journal shows no kernel message of this boot";
	timeline->origin = "journal";
	timeline->proven = true;
	return NULL;
}

const char *timeline_read_journal(struct timeline *timeline)
{
	if (!ask_begin("the journal"))
		return "the journal does not answer";

	const char *why = read_journal(timeline);

	ask_end();
	return why;
}
