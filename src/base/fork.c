/* SPDX-License-Identifier: MIT */
/* Children that are copies of ourselves, and not programs of their own. */
#include "base/fork.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

static void *end_at_once(void *data)
{
	return data;
}

/*
 * A process whose children go to another PID namespace cannot have threads (clone(2)).
 * That namespace shows in /proc as soon as it has its first process, and then there is no
 * harm in another one. Only where /proc shows none, or is too old to (before Linux 4.12),
 * a thread has to be tried. The error is EINVAL, but musl always returns EAGAIN.
 */
bool fork_founds_namespace(void)
{
	struct stat st;
	pthread_t thread;

	if (stat("/proc/self/ns/pid_for_children", &st) == 0)
		return false;

	if (pthread_create(&thread, NULL, end_at_once, NULL) != 0)
		return true;
	pthread_join(thread, NULL);
	return false;
}

bool fork_prepare(bool becomes)
{
	if (!fork_founds_namespace())
		return true;
	if (!becomes)
		fork_stay();
	return !becomes;
}

void fork_stay(void)
{
	int fd = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	setns(fd, CLONE_NEWPID);
	close(fd);
}

void fork_drop_handlers(void)
{
	const struct sigaction action = { .sa_handler = SIG_DFL };
	struct sigaction old;

	for (int i = 1; i <= SIGRTMAX; i++)
		if (sigaction(i, NULL, &old) == 0 && old.sa_handler != SIG_IGN &&
		    old.sa_handler != SIG_DFL)
			sigaction(i, &action, NULL);
}
