/* SPDX-License-Identifier: MIT */
/* Starts a child that works aside, and leaves it nothing of its parent's to harm. */
#include "base/aside-start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/io.h"

static void become(pid_t parent, int pipe)
{
	/* Where a pipe takes cores (core(5)), a limit of 1 forbids them; 0 does not. */
	static const struct rlimit no_core = { 1, 1 };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() != 0)
		_exit(EXIT_FAILURE);
	fork_drop_handlers();
	/* Where SIGCHLD is ignored, nobody can learn how a child ended. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setrlimit(RLIMIT_CORE, &no_core);
	/* The reader of our standard output must not have to wait for this process. */
	io_keep_only(pipe);
	io_reserve_standard();
}

int aside_start(struct aside_child *child, void (*work)(void *), void *data)
{
	pid_t self = getpid();
	sigset_t all, before;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	memset(child->channel, 0, sizeof(*child->channel));
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child->pid = fork();
	if (child->pid == 0) {
		become(self, ends[1]);
		ask_report_to(child->channel);
		work(data);
		child->channel->done = 1;
		_exit(EXIT_SUCCESS);
	}

	int rc = child->pid < 0 ? -errno : 0;

	sigprocmask(SIG_SETMASK, &before, NULL);
	child->pipe = ends[0];
	close(ends[1]);
	if (rc != 0)
		close(ends[0]);
	return rc;
}
