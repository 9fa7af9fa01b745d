/* SPDX-License-Identifier: MIT */
/* Starts a program of the system, and waits for its end. */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/deadline.h"
#include "base/root.h"

enum { PATH_BYTES = 64 };

#define GRACE_NS (100 * NS_PER_MS)
#define ENDED_NS NS_PER_S /* even a child that is not asleep has ended by then */

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
static int start(pid_t *pid, const char *const argv[], const int *keep, int out)
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
	/* A descriptor that is copied to itself is no longer closed on exec. */
	for (; keep && *keep >= 0; keep++)
		posix_spawn_file_actions_adddup2(&files, *keep, *keep);

	int rc = spawn_it(pid, argv, &files, &attr);

	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

int program_start(struct program *program, const char *const argv[], const int *keep)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;

	int rc = start(&program->pid, argv, keep, ends[1]);

	close(ends[1]);
	program->out = ends[0];
	if (rc == 0)
		ask_program(program->pid);
	else
		close(ends[0]);
	return rc;
}

bool program_end(const struct program *program, bool wanted)
{
	int status;

	close(program->out);
	ask_program(0);
	if (!wanted)
		kill(program->pid, SIGKILL);

	pid_t ended = program_wait(program->pid, GRACE_NS, &status);

	if (ended == 0)
		kill(program->pid, SIGKILL);
	return wanted && (ended > 0 ? status == 0 : ended < 0 && errno == ECHILD);
}

bool program_is_asleep(pid_t pid)
{
	char path[32], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);

	long len = root_read(ROOT_LIVE, path, text, sizeof(text));
	const char *name_end = len > 0 ? strrchr(text, ')') : NULL;

	return !name_end || (name_end[1] == ' ' && strchr("SDTZ", name_end[2]));
}

pid_t program_wait(pid_t pid, int64_t grace, int *status)
{
	int64_t deadline = deadline_after(grace), end = deadline_after(ENDED_NS);
	pid_t ended;

	while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
		if (deadline_left(deadline) == 0) {
			/* One that has just died counts as asleep. */
			if (program_is_asleep(pid) || deadline_left(end) == 0)
				return waitpid(pid, status, WNOHANG);
			deadline = deadline_after(grace);
		}
		deadline_sleep(NS_PER_MS / 20);
	}
	return ended;
}
