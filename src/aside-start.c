/* SPDX-License-Identifier: MIT */
/* How a child that works aside begins: with nothing of its parent's to harm. */
#include "aside-start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

/*
 * Would a child be the first process of a new PID namespace? With its end nothing could
 * be started there any more, not even the command of "crng wait" (pid_namespaces(7)).
 */
static bool founds_namespace(void)
{
	struct stat own, children;

	return stat("/proc/self/ns/pid", &own) == 0 &&
	       stat("/proc/self/ns/pid_for_children", &children) == 0 &&
	       own.st_ino != children.st_ino;
}

/* Handlers of the parent must not run in the child: they remove its files. */
static void forget_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(pid_t parent, int pipe)
{
	/* Of a pipe's reader (core(5)) 1 means no core at all, 0 does not. */
	static const struct rlimit no_core = { 1, 1 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() != 0)
		_exit(EXIT_FAILURE);
	forget_signals();
	setrlimit(RLIMIT_CORE, &no_core);
	/* Who reads our standard output must not wait for this process. */
	io_keep_only(pipe);
	io_reserve_standard();
}

int aside_start(struct aside_child *child, void (*work)(void *), void *data)
{
	pid_t self = getpid();
	sigset_t all, before;
	int ends[2];

	if (founds_namespace())
		return -EPERM;
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
