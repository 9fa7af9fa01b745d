/* SPDX-License-Identifier: MIT */
#include "cmd-reseed-child.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/message.h"
#include "become.h"
#include "command.h"

#ifndef SYS_pidfd_open /* headers before Linux 5.3; 544 on alpha */
#define SYS_pidfd_open 434
#endif

bool child_runs(const struct child *child)
{
	return child->pid > 0;
}

static _Noreturn void start(char **command, uint64_t vm_generation, pid_t parent,
			    void (*on_child)(int))
{
	char text[32];

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STATUS_OWN_FAILURE);
	signal(SIGCHLD, on_child);
	snprintf(text, sizeof(text), "%" PRIu64, vm_generation);
	setenv("CRNG_VM_GENERATION", text, 1);
	fork_drop_handlers();
	_exit(become(command));
}

static void forget(struct child *child)
{
	signal(SIGCHLD, child->on_child);
	if (child->fd >= 0)
		close(child->fd);
	*child = CHILD_NONE;
}

/* Where SIGCHLD is ignored, nobody can learn how a child ended. */
void child_start(struct child *child, char **command, uint64_t vm_generation)
{
	pid_t parent = getpid();

	child->on_child = signal(SIGCHLD, SIG_DFL);
	child->pid = fork();
	if (child->pid == 0)
		start(command, vm_generation, parent, child->on_child);
	if (child->pid < 0) {
		message("%s: %s", command[0], strerror(errno));
		forget(child);
		return;
	}
	child->fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->fd < 0)
		child_end(child, command[0]);
}

/* If the command could not be executed, the child has already said so. */
static void report_end(const char *command, int status)
{
	if (WIFSIGNALED(status))
		message("%s: killed by signal %d", command, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0 &&
		 WEXITSTATUS(status) != STATUS_NOT_EXECUTABLE &&
		 WEXITSTATUS(status) != STATUS_NOT_FOUND)
		message("%s: exit status %d", command, WEXITSTATUS(status));
}

void child_end(struct child *child, const char *command)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	report_end(command, status);
	forget(child);
}
