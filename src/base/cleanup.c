/* SPDX-License-Identifier: MIT */
/* What must not outlive a program that a signal ends: a temporary name, a drawn line. */
#include "base/cleanup.h"

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/discard.h"

enum { SIGNAL_STATUS = 128 }; /* added to the signal, as shells do */

/* The only state that a signal handler can reach. */
static struct {
	int dir, fd;
	const char *volatile name;
	void (*volatile clear_line)(void);
	bool installed;
	bool dying;
} doomed;

/* Signals that by default stop the program or do nothing, or that cannot be caught. */
static const int harmless[] = {
	SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGCONT, SIGURG, SIGWINCH,
};

static void stand_still(int number)
{
	(void)number;
	for (;;)
		pause();
}

/*
 * From here on the file does not grow, whichever thread writes to it: a write beyond the
 * limit raises SIGXFSZ, which stops that thread. A write that was under way has ended by
 * the time the write here is refused, because both take the lock of the inode.
 */
static void stop_writers(int fd)
{
	struct rlimit limit;
	struct stat st;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
		return;
	signal(SIGXFSZ, stand_still);
	limit.rlim_cur = 0;
	setrlimit(RLIMIT_FSIZE, &limit);
	if (pwrite(fd, "", 1, 0) < 0 && fstat(fd, &st) == 0)
		limit.rlim_cur = (rlim_t)st.st_size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* The first signal ends the program; a thread that gets another one waits for that. */
static void on_deadly(int number)
{
	sigset_t set;
	bool erased;

	if (__atomic_exchange_n(&doomed.dying, true, __ATOMIC_SEQ_CST))
		stand_still(number);
	if (doomed.name && doomed.fd >= 0)
		stop_writers(doomed.fd);
	if (doomed.name)
		discard(doomed.dir, doomed.name, doomed.fd, &erased);

	void (*clear_line)(void) = doomed.clear_line;

	if (clear_line)
		clear_line();
	/* This ends us, unless we are the first process of a PID namespace. */
	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(SIGNAL_STATUS + number);
}

static bool is_harmless(int number)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (harmless[i] == number)
			return true;
	return false;
}

static void install(void)
{
	struct sigaction action = { .sa_handler = on_deadly };

	if (doomed.installed)
		return;
	doomed.installed = true;
	sigfillset(&action.sa_mask);
	for (int i = 1; i <= SIGRTMAX; i++) {
		struct sigaction old;

		if (!is_harmless(i) && sigaction(i, NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(i, &action, NULL);
	}
}

void cleanup_file(int dir, const char *name, int fd)
{
	/* A signal may come at any moment, and must not meet half a change. */
	doomed.name = NULL;
	doomed.dir = dir;
	doomed.fd = fd;
	doomed.name = name;
	if (name)
		install();
}

void cleanup_line(void (*clear)(void))
{
	doomed.clear_line = clear;
	if (clear)
		install();
}

void cleanup_init(void)
{
	if (getpid() == 1)
		install();
}
