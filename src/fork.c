/* SPDX-License-Identifier: MIT */
/* Children that are copies of ourselves, and not programs of their own. */
#include "fork.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>

/* The kernel shows such a namespace as a link that cannot be read (fs/nsfs.c, 4.12). */
bool fork_founds_namespace(void)
{
	static const char link[] = "/proc/self/ns/pid_for_children";
	struct stat st;

	return lstat(link, &st) == 0 && stat(link, &st) != 0 && errno == ENOENT;
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
