/* SPDX-License-Identifier: MIT */
/* A temporary name must not outlive a program that is killed in the middle of writing. */
#include "guard.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* The only state that a signal handler can reach. */
static struct {
	int dir;
	const char *volatile name;
} doomed;

static const int deadly[] = {
	SIGHUP,	 SIGINT,  SIGQUIT, SIGTERM, SIGPIPE,
	SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
};

static void on_deadly(int signal)
{
	if (doomed.name)
		unlinkat(doomed.dir, doomed.name, 0);
	raise(signal); /* SA_RESETHAND: ends the program when the handler returns */
}

void guard_name(int dir, const char *name)
{
	struct sigaction action = {
		.sa_handler = on_deadly,
		.sa_flags = (int)SA_RESETHAND,
	};

	doomed.dir = dir;
	doomed.name = name;
	for (size_t i = 0; name && i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		struct sigaction old;

		if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &action, NULL);
	}
}
