/* SPDX-License-Identifier: MIT */
/* The end of the command, and of the processes that it leaves behind. */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reaps the processes that have ended: CMD, or its orphans. */
void fakeboot_reap(struct boot *b)
{
	pid_t pid;
	int raw;

	while ((pid = waitpid(-1, &raw, WNOHANG)) > 0) {
		if (pid != b->child) {
			fakeboot_log(b, fakeboot_now(), "event=reaped pid=%d", (int)pid);
			continue;
		}
		int signal = WIFSIGNALED(raw) ? WTERMSIG(raw) : 0;
		b->child = 0;
		b->ended = true;
		b->status = signal ? 128 + signal : WEXITSTATUS(raw);
		fakeboot_log(b, fakeboot_now(), "event=exit pid=%d status=%d signal=%s",
			     (int)pid, b->status, signal ? sigabbrev_np(signal) : "none");
	}
}

bool fakeboot_alone(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0;
}

/* Reads parent and name of @pid; false when it is gone or a zombie. */
static bool read_stat(pid_t pid, pid_t *parent, char comm[16])
{
	char path[64], text[256];
	char state = 0;
	int ppid = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	char *name = strchr(text, '('), *end = strrchr(text, ')');
	if (!name || !end || sscanf(end + 1, " %c %d", &state, &ppid) != 2 ||
	    state == 'Z')
		return false;
	*end = '\0';
	snprintf(comm, 16, "%.15s", name + 1);
	for (char *c = comm; *c; c++)
		if (!isgraph((unsigned char)*c))
			*c = '?';
	*parent = ppid;
	return true;
}

/* Our living children, to be freed by the caller. */
struct pids fakeboot_children(void)
{
	struct pids found = { NULL, 0 };
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char comm[16];
	pid_t parent;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid <= 0 || !read_stat(pid, &parent, comm) || parent != getpid())
			continue;
		found.pid = realloc(found.pid, (found.count + 1) * sizeof(pid_t));
		if (!found.pid)
			fakeboot_fail(125, "children", ENOMEM);
		found.pid[found.count++] = pid;
	}
	if (proc)
		closedir(proc);
	return found;
}

static bool is_stranger(const struct boot *b, pid_t pid)
{
	for (size_t i = 0; i < b->strangers.count; i++)
		if (b->strangers.pid[i] == pid)
			return true;
	return false;
}

static size_t kill_children(const struct boot *b)
{
	struct pids found = fakeboot_children();
	size_t killed = 0;
	char comm[16];
	pid_t parent;

	for (size_t i = 0; i < found.count; i++) {
		if (is_stranger(b, found.pid[i]) ||
		    !read_stat(found.pid[i], &parent, comm))
			continue;
		fakeboot_log(b, fakeboot_now(), "event=orphan pid=%d comm=%s",
			     (int)found.pid[i], comm);
		kill(found.pid[i], SIGKILL);
		waitpid(found.pid[i], NULL, 0);
		killed++;
	}
	free(found.pid);
	return killed;
}

/*
 * Logs and kills what CMD left behind (we are the subreaper, so it is our child by now);
 * a killed orphan hands down its own children, hence the loop.
 */
void fakeboot_kill_orphans(const struct boot *b)
{
	while (!fakeboot_alone() && kill_children(b))
		;
}
