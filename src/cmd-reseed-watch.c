/* SPDX-License-Identifier: MIT */
/* crng reseed --watch */
#include "cmd-reseed-watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/message.h"
#include "base/root.h"
#include "base/text.h"
#include "become.h"
#include "command.h"
#include "reseed/stamp.h"
#include "rng/vmclock.h"

static int no_signal(const char *why)
{
	message("nothing signals clones here: " VMCLOCK_PATH ": %s", why);
	message_hint(
		"This takes Linux 7.0 and a hypervisor whose VMClock counts restores and "
		"notifies of them.\n"
		"Without it, run 'crng reseed' in the hook that restores the machine. "
		"Where vmgenid is bound\n('crng status -v'), the kernel reseeds by itself.\n");
	return STATUS_FAILURE;
}

static int look(int fd, struct vmclock *clock)
{
	unsigned char data[VMCLOCK_BYTES];
	long got = vmclock_read(fd, data, clock);

	if (got == -EPROTO || got == -ENODATA)
		return no_signal("not a VMClock that crng knows");
	if (got < 0)
		return no_signal(text_error((int)-got));
	if (!clock->counts)
		return no_signal("it does not count restores");
	return clock->notifies ? STATUS_OK : no_signal("it does not notify");
}

/* In the child. The other streams are the command's. */
static _Noreturn void start(char **command, uint64_t generation)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, generation);
	setenv("CRNG_VM_GENERATION", text, 1);
	fork_drop_handlers();
	_exit(become(command));
}

/* That it could not be executed, it has said itself. */
static void report_end(const char *command, int status)
{
	if (WIFSIGNALED(status))
		message("%s: killed by signal %d", command, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0 &&
		 WEXITSTATUS(status) != STATUS_NOT_EXECUTABLE &&
		 WEXITSTATUS(status) != STATUS_NOT_FOUND)
		message("%s: exit status %d", command, WEXITSTATUS(status));
}

static void run_command(char **command, uint64_t generation)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		start(command, generation);
	if (pid < 0) {
		message("%s: %s", command[0], strerror(errno));
		return;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	report_end(command[0], status);
}

static int reseed_changed(const struct reseed_options *o, struct reseed *reseed)
{
	int status = reseed_once(o, reseed);

	if (status == STATUS_OK && o->command)
		run_command(o->command, reseed->vm_generation);
	return status;
}

/*
 * A generation that was recorded before tells whether the machine was cloned between two
 * runs, or while the last one failed.
 */
static int watch(const struct reseed_options *o, struct reseed *reseed, int fd)
{
	struct vmclock clock;
	int rc, status = look(fd, &clock);
	uint64_t seen;

	if (status == STATUS_OK && stamp_read(&seen) != 0) {
		seen = clock.generation;
		reseed_record(o, seen);
	}
	for (;;) {
		if (status == STATUS_OK && clock.generation != seen) {
			seen = clock.generation;
			status = reseed_changed(o, reseed);
		}
		if (status != STATUS_OK)
			return status;
		rc = vmclock_wait(fd);
		if (rc < 0)
			return no_signal(text_error(-rc));
		status = look(fd, &clock);
	}
}

int reseed_watch(const struct reseed_options *o, struct reseed *reseed)
{
	int fd = vmclock_open(ROOT_LIVE);

	if (fd < 0)
		return no_signal(text_error(-fd));
	if (fork_founds_namespace())
		fork_stay();

	int status = watch(o, reseed, fd);

	close(fd);
	return status;
}
