/* SPDX-License-Identifier: MIT */
/* What must not outlive a program that a signal ends: a temporary name, a drawn line. */
#include "guard.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "message.h"

/* The only state that a signal handler can reach. */
static struct {
	int dir;
	const char *volatile name;
	volatile sig_atomic_t line;
} doomed;

static const int deadly[] = {
	SIGHUP,	 SIGINT,  SIGQUIT, SIGTERM,   SIGPIPE, SIGALRM, SIGUSR1,
	SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR,
};

static void on_deadly(int signal)
{
	if (doomed.name)
		unlinkat(doomed.dir, doomed.name, 0);
	if (doomed.line)
		message_clear();
	raise(signal); /* SA_RESETHAND: ends the program when the handler returns */
}

static void install(void)
{
	struct sigaction action = {
		.sa_handler = on_deadly,
		.sa_flags = (int)SA_RESETHAND,
	};

	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		struct sigaction old;

		if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &action, NULL);
	}
}

void guard_name(int dir, const char *name)
{
	doomed.dir = dir;
	doomed.name = name;
	if (name)
		install();
}

void guard_line(bool drawn)
{
	doomed.line = drawn;
	if (drawn)
		install();
}
