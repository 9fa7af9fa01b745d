/* SPDX-License-Identifier: MIT */
/*
 * The parent sleeps on a pipe that is closed when the child ends, and looks now and then
 * at what the child does: only sleep counts as a hang, so that a busy machine costs no
 * work its time.
 */
#include "base/aside.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/aside-start.h"
#include "base/ask.h"
#include "base/deadline.h"
#include "base/program.h"

enum { FURTHER = 8 /* the first hang divides the limit by this */ };

#define ENDED_NS NS_PER_S
#define KILLED_NS (5 * NS_PER_MS)
#define LOOK_NS (20 * NS_PER_MS)
#define LIMIT_MIN_NS (20 * NS_PER_MS)
#define STILL_NS (10 * NS_PER_S) /* a child without a step for this long hangs */

const struct aside_patience aside_patience = {
	.left = 1200 * NS_PER_MS,
	.limit = NS_PER_S,
};

void *aside_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static bool is_stuck(const struct aside_child *child)
{
	pid_t program = child->channel->program;

	if (__atomic_load_n(&child->channel->napping, __ATOMIC_ACQUIRE))
		return false;
	return program_is_asleep(child->pid) &&
	       (program <= 0 || program_is_asleep(program));
}

/* Waits until the child ends. Returns false if it hangs. */
static bool await(const struct aside_child *child, struct aside_patience *patience)
{
	struct pollfd pfd = { .fd = child->pipe, .events = POLLIN };
	uint32_t steps = 0;
	int64_t asleep = 0, still = 0, last = deadline_now();
	struct timespec ts;

	while (ppoll(&pfd, 1, deadline_timespec(LOOK_NS, &ts), NULL) <= 0) {
		int64_t now = deadline_now(), passed = now - last;
		uint32_t done = __atomic_load_n(&child->channel->steps, __ATOMIC_ACQUIRE);
		bool stuck = is_stuck(child);

		last = now;
		still = done == steps ? still + passed : 0;
		asleep = done == steps && stuck ? asleep + passed : 0;
		patience->left -= stuck ? passed : 0;
		steps = done;
		if (asleep >= patience->limit || patience->left <= 0 || still >= STILL_NS)
			return false;
	}
	return true;
}

/* Kills the child, and the program that it waits for. */
static void kill_all(const struct aside_child *child)
{
	if (child->channel->program > 0)
		kill(child->channel->program, SIGKILL);
	kill(child->pid, SIGKILL);
}

/* Kills the child; remembers what it hung on, and that it may still be alive. */
static int give_up(const struct aside_child *child, struct aside_patience *patience)
{
	char whom[ASK_NAME_MAX];

	memcpy(whom, child->channel->whom, sizeof(whom));
	kill_all(child);
	if (whom[0] == '/')
		aside_find_mount(whom);

	pid_t ended = program_wait(child->pid, KILLED_NS, NULL);
	bool room = ask_refuse(whom, ended == 0 ? child->pid : 0);

	patience->limit /= patience->hangs++ == 0 ? FURTHER : 2;
	if (patience->limit < LIMIT_MIN_NS)
		patience->limit = LIMIT_MIN_NS;
	if (patience->left <= 0 || !room)
		return -ETIME;
	return whom[0] ? -ETIMEDOUT : -ECHILD;
}

/*
 * Where the caller blocks SIGCHLD, takes back the one that reported the end of the child:
 * a command that is executed later must not find it pending.
 */
static void drop_signal(const sigset_t *pending)
{
	static const struct timespec now = { 0, 0 };
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	if (!sigismember(pending, SIGCHLD))
		sigtimedwait(&ended, NULL, &now);
}

/* Starts the child, and notes which signals were pending before. */
static int start(struct aside_child *child, void (*work)(void *data), void *data,
		 sigset_t *pending)
{
	static struct ask_channel *channel;

	if (!channel)
		channel = aside_memory(sizeof(*channel));
	if (!channel)
		return -ENOMEM;
	sigpending(pending);
	child->channel = channel;
	return aside_start(child, work, data);
}

int aside_run(void (*work)(void *data), void *data, struct aside_patience *patience)
{
	struct aside_child child;
	sigset_t pending;
	int rc = patience->left > 0 ? start(&child, work, data, &pending) : -ETIME;

	if (rc != 0)
		return rc;
	rc = await(&child, patience) && child.channel->done ? 0
							    : give_up(&child, patience);
	if (rc == 0)
		program_wait(child.pid, ENDED_NS, NULL);
	close(child.pipe);
	drop_signal(&pending);
	return rc;
}

int aside_within(void (*work)(void *data), void *data, int64_t ns)
{
	struct aside_child child;
	sigset_t pending;
	int rc = start(&child, work, data, &pending);

	if (rc != 0)
		return rc;
	if (deadline_poll(child.pipe, deadline_after(ns)) > 0) {
		program_wait(child.pid, ENDED_NS, NULL);
		rc = child.channel->done ? 0 : -ECHILD;
	} else {
		kill_all(&child);
		program_wait(child.pid, KILLED_NS, NULL);
		rc = -ETIMEDOUT;
	}
	close(child.pipe);
	drop_signal(&pending);
	return rc;
}
