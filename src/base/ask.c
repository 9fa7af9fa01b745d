/* SPDX-License-Identifier: MIT */
/* What is being asked, and what is known not to answer. */
#include "base/ask.h"

#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"

static struct ask_channel *channel; /* NULL: no process watches */
static unsigned int depth;

static struct silent {
	char whom[ASK_NAME_MAX];
	pid_t hanging;
} silent[ASK_SILENT_MAX];
static size_t silent_count;

static void step(void)
{
	__atomic_add_fetch(&channel->steps, 1, __ATOMIC_RELEASE);
}

static void name(char *to, const char *whom)
{
	strncpy(to, whom, ASK_NAME_MAX - 1);
}

/* Is whom the path, or something below it? */
static bool is_below(const char *whom, const char *path)
{
	size_t len = strlen(path);

	return len > 0 && strncmp(whom, path, len) == 0 &&
	       (whom[len] == '\0' || whom[len] == '/');
}

static bool is_silent(const char *whom)
{
	for (size_t i = 0; i < silent_count; i++)
		if (is_below(whom, silent[i].whom))
			return true;
	return false;
}

void ask_report_to(struct ask_channel *to)
{
	channel = to;
	depth = 0;
}

bool ask_begin(const char *whom)
{
	if (!channel)
		return true;
	if (depth == 0 && is_silent(whom))
		return false;
	if (depth++ == 0)
		name(channel->whom, whom);
	step();
	return true;
}

void ask_end(void)
{
	if (!channel)
		return;
	if (--depth == 0) {
		channel->program = 0;
		channel->whom[0] = '\0';
	}
	step();
}

void ask_program(pid_t pid)
{
	if (channel)
		channel->program = pid;
}

void ask_nap(int64_t ns)
{
	struct timespec ts;

	if (channel)
		__atomic_store_n(&channel->napping, 1, __ATOMIC_RELEASE);
	ppoll(NULL, 0, deadline_timespec(ns, &ts), NULL);
	if (channel) {
		__atomic_store_n(&channel->napping, 0, __ATOMIC_RELEASE);
		step();
	}
}

bool ask_refuse(const char *whom, pid_t hanging)
{
	if (silent_count == ASK_SILENT_MAX)
		return false;
	memset(&silent[silent_count], 0, sizeof(silent[0]));
	name(silent[silent_count].whom, whom);
	silent[silent_count++].hanging = hanging;
	return true;
}

void ask_forget(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < silent_count; i++) {
		if (silent[i].hanging > 0 &&
		    waitpid(silent[i].hanging, NULL, WNOHANG) == 0)
			silent[kept++] = silent[i];
	}
	silent_count = kept;
}

pid_t ask_watcher(void)
{
	return channel ? getppid() : 0;
}

size_t ask_silent(void)
{
	return silent_count;
}
