/* SPDX-License-Identifier: MIT */
/*
 * crng reseed --watch. A change that comes while the command runs is not put off: the
 * reseed comes at once, and the command is run again when it has ended.
 */
#include "cmd-reseed-watch.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/fork.h"
#include "base/io.h"
#include "base/message.h"
#include "base/root.h"
#include "base/text.h"
#include "cmd-reseed-child.h"
#include "command.h"
#include "reseed/stamp.h"
#include "rng/vmclock.h"

#define NOT_NOTIFIED "it does not notify"

struct watch {
	const struct reseed_options *o;
	struct reseed *reseed;
	int fd; /* of VMClock */
	struct vmclock clock;
	uint64_t seen;	    /* generation that was reseeded, or that it began with */
	struct child child; /* that runs the command */
	bool recorded;	    /* there is a record */
	bool due;	    /* the command has to run for seen */
};

static int no_signal(const char *why)
{
	message("nothing signals clones here: " VMCLOCK_PATH ": %s", why);
	message_hint(
		"--watch needs Linux 7.0 and a hypervisor whose VMClock counts restores and "
		"reports them.\n"
		"Otherwise, run 'crng reseed' in the hook that restores the machine. If "
		"'crng status -v'\nsays yes to vmgenid, the kernel reseeds by itself.\n");
	return STATUS_FAILURE;
}

static int look(struct watch *w)
{
	unsigned char data[VMCLOCK_BYTES];
	long got = vmclock_read(w->fd, data, &w->clock);

	if (got == -EPROTO || got == -ENODATA)
		return no_signal("not a VMClock that crng knows");
	if (got < 0)
		return no_signal(text_error((int)-got));
	if (!w->clock.counts)
		return no_signal("it does not count restores");
	return w->clock.notifies ? STATUS_OK : no_signal(NOT_NOTIFIED);
}

/* A generation that was recorded earlier tells whether the machine was cloned since. */
static void begin(struct watch *w)
{
	int rc = stamp_read(&w->seen);

	w->recorded = rc != -ENOENT;
	if (!w->recorded) {
		w->seen = w->clock.generation;
	} else if (rc != 0) {
		message(VMCLOCK_RECORD ": %s: reseeding, in case the machine was cloned",
			text_error(-rc));
		w->seen = ~w->clock.generation;
	}
}

/* If the reseed fails, the record shows the next watch, and status, that it is due. */
static int catch_up(struct watch *w)
{
	int status = STATUS_OK;

	if (w->clock.generation != w->seen) {
		if (!w->recorded)
			w->recorded = stamp_write(w->seen) == 0;
		w->seen = w->clock.generation;
		status = reseed_once(w->o, w->reseed);
		w->due = w->o->command;
	}
	if (status == STATUS_OK && w->due && !child_runs(&w->child)) {
		w->due = false;
		child_start(&w->child, w->o->command, w->seen);
	}
	return status;
}

/* Sleeps until VMClock has changed or the command has ended. */
static int await(struct watch *w)
{
	struct pollfd fds[] = {
		{ .fd = w->fd, .events = POLLIN },
		{ .fd = w->child.fd, .events = POLLIN },
	};
	uint32_t sequence = w->clock.sequence;

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return no_signal(text_error(errno));
	if (fds[1].revents)
		child_end(&w->child, w->o->command[0]);
	if (!fds[0].revents)
		return STATUS_OK;
	if (!(fds[0].revents & POLLIN))
		return no_signal(NOT_NOTIFIED);

	int status = look(w);

	/* A device that is readable without a change would remain so forever. */
	return status == STATUS_OK && w->clock.sequence == sequence
		       ? no_signal(NOT_NOTIFIED)
		       : status;
}

static int open_clock(struct watch *w)
{
	w->fd = vmclock_open(ROOT_LIVE);
	return w->fd < 0 ? no_signal(text_error(-w->fd)) : look(w);
}

static int watch(struct watch *w)
{
	int status = open_clock(w);

	if (status == STATUS_OK)
		begin(w);
	while (status == STATUS_OK) {
		status = catch_up(w);
		if (status == STATUS_OK)
			status = await(w);
	}
	return status;
}

int reseed_watch(const struct reseed_options *o, struct reseed *reseed)
{
	struct watch w = { .o = o, .reseed = reseed, .child = CHILD_NONE };

	if (o->input)
		reseed->used = input_origin(o->input);
	fork_prepare(false);

	int status = watch(&w);

	if (w.fd >= 0)
		close(w.fd);
	return status;
}

int reseed_watch_dry(const struct reseed_options *o)
{
	struct watch w = { .o = o };
	int status = open_clock(&w);

	if (status == STATUS_OK && o->verbose)
		fprintf(io_out(), "would watch " VMCLOCK_PATH ", which signals clones\n");
	if (w.fd >= 0)
		close(w.fd);
	return status;
}
