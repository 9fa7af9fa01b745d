/* SPDX-License-Identifier: MIT */
/*
 * Readiness and getrandom as in the kernel: drivers/char/random.c of Linux 5.6 and later,
 * getrandom(2). A sleeping call is a notification that is not answered yet. A signal to
 * its caller cancels it in the kernel (-ERESTARTSYS, so EINTR or a restart, as in
 * wait_for_random_bytes()), and we only have to forget it.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

static void log_call(const struct boot *b, const struct call *call, const char *event,
		     const char *answer)
{
	int64_t now = fakeboot_now();
	unsigned int known = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE;
	unsigned int rest = call->flags & ~known;
	char flags[64];

	if (b->log_fd < 0)
		return;
	snprintf(flags, sizeof(flags), "%s%s%s",
		 call->flags & GRND_NONBLOCK ? "|GRND_NONBLOCK" : "",
		 call->flags & GRND_RANDOM ? "|GRND_RANDOM" : "",
		 call->flags & GRND_INSECURE ? "|GRND_INSECURE" : "");
	if (rest)
		snprintf(flags + strlen(flags), sizeof(flags) - strlen(flags), "|0x%x",
			 rest);
	fakeboot_log(b, now,
		     "event=%s pid=%d tid=%d call=getrandom len=%llu flags=%s answer=%s "
		     "after_ns=%lld",
		     event, (int)call->pid, (int)call->tid, (unsigned long long)call->len,
		     call->flags ? flags + 1 : "0", answer,
		     (long long)(now - call->since));
}

static void refuse(const struct boot *b, const struct call *call, int error)
{
	int gone = fakeboot_answer(b, call->id, 0, error);

	log_call(b, call, "call", gone ? "interrupted" : strerrorname_np(error));
}

/* Writes at most --short bytes, which are made here, into the caller. */
static int deliver_short(const struct boot *b, const struct call *call, size_t len)
{
	uint64_t id = call->id;
	uint8_t *bytes = malloc(len);

	if (!bytes)
		return -ENOMEM;
	ssize_t got = getrandom(bytes, len, 0);
	int error = got < 0 ? -errno : 0;
	/* Unless the call still waits, the pid may belong to another process by now. */
	if (!error && ioctl(b->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id))
		error = -ENOENT;
	if (!error)
		error = fakeboot_poke(call->tid, call->buf, bytes, (size_t)got);
	free(bytes);
	if (error == -ENOENT)
		return error;
	if (error == -EPERM)
		fakeboot_fail(77, "--short: the kernel refuses to write to the command",
			      EPERM);
	return fakeboot_answer(b, id, error ? 0 : got, -error);
}

/*
 * Without privileges we can neither read nor write a process that has turned core dumps
 * off, so we only pretend that it has.
 */
void fakeboot_stay_writable(struct boot *b, const struct seccomp_notif *req)
{
	if (req->data.args[1] > 1)
		fakeboot_pass(b, req->id);
	else
		fakeboot_answer(b, req->id, 0, 0);
}

static void deliver(const struct boot *b, struct call *call)
{
	size_t most = b->opt.short_len;

	call->cut = most && call->len > most;
	call->gone = call->cut ? deliver_short(b, call, most)
			       : fakeboot_pass(b, call->id);
}

static void log_delivered(const struct boot *b, const struct call *call)
{
	char answer[32] = "pass";

	if (call->cut)
		snprintf(answer, sizeof(answer), "%zu", b->opt.short_len);
	log_call(b, call, "call", call->gone ? "interrupted" : answer);
}

static void deliver_now(const struct boot *b, struct call *call)
{
	deliver(b, call);
	log_delivered(b, call);
}

/* The CRNG is ready from now on; all waiting calls are answered before the log. */
void fakeboot_become_ready(struct boot *b, const char *cause)
{
	int64_t now = fakeboot_now();
	int64_t due = b->due == NEVER ? now : b->due;

	if (b->ready)
		return;
	b->ready = true;
	b->due = NEVER;
	fakeboot_device_ready(b);
	for (size_t i = 0; i < b->waiting_count; i++)
		deliver(b, &b->waiting[i]);
	fakeboot_log(b, now, "event=ready cause=%s due=%lld waiters=%zu", cause,
		     (long long)due, b->waiting_count);
	for (size_t i = 0; i < b->waiting_count; i++)
		log_delivered(b, &b->waiting[i]);
	b->waiting_count = 0;
}

/* Forgets the cancelled calls, and any of @tid, which cannot wait in two. */
void fakeboot_forget_cancelled(struct boot *b, pid_t tid)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->waiting_count; i++) {
		struct call *call = &b->waiting[i];
		if (call->tid == tid ||
		    ioctl(b->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id))
			log_call(b, call, "call", "interrupted");
		else
			b->waiting[kept++] = *call;
	}
	b->waiting_count = kept;
}

/* Schedules readiness for that time, unless it comes earlier. */
static void become_ready_at(struct boot *b, int64_t when, const char *cause)
{
	if (b->ready || (b->due != NEVER && b->due <= when))
		return;
	b->due = when;
	b->cause = cause;
}

static void wait_for_ready(struct boot *b, const struct call *call)
{
	fakeboot_forget_cancelled(b, call->tid);
	if (b->waiting_count == b->waiting_room) {
		b->waiting_room = b->waiting_room * 2 + 64;
		b->waiting = realloc(b->waiting, b->waiting_room * sizeof(*b->waiting));
		if (!b->waiting)
			fakeboot_fail(125, "waiters", ENOMEM);
	}
	b->waiting[b->waiting_count++] = *call;
	log_call(b, call, "block", "none");
	if (b->opt.jitter != NEVER)
		become_ready_at(b, call->since + b->opt.jitter, "jitter");
}

/* The event of --ready-on has come @by times. */
void fakeboot_pull_trigger(struct boot *b, unsigned long by)
{
	struct trigger *on = &b->opt.on;

	if (!on->count)
		return;
	on->count -= by < on->count ? by : on->count;
	if (on->count)
		return;
	if (on->delay)
		become_ready_at(b, fakeboot_now() + on->delay, on->name);
	else
		fakeboot_become_ready(b, on->name);
}

static bool counts(const struct trigger *on, const struct call *call, bool blocked)
{
	return on->scope == SCOPE_RNG && (on->counted != PROBES || !call->len) &&
	       (on->counted != BLOCKED || blocked);
}

/* The order of the checks is the kernel's: flags, readiness, and only then the length. */
void fakeboot_getrandom(struct boot *b, const struct seccomp_notif *req)
{
	struct call call = { .id = req->id,
			     .pid = fakeboot_process_of(b, (pid_t)req->pid),
			     .tid = (pid_t)req->pid,
			     .buf = req->data.args[0],
			     .len = req->data.args[1],
			     .flags = (unsigned int)req->data.args[2],
			     .since = fakeboot_now() };
	unsigned int known = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE;
	bool insecure = call.flags & GRND_INSECURE;
	bool refused = b->opt.error || (insecure && b->opt.no_insecure);
	bool passes = b->ready || insecure || (call.flags & ~known);
	bool blocks = !refused && !passes && !(call.flags & GRND_NONBLOCK);

	if (refused)
		refuse(b, &call, b->opt.error ? b->opt.error : EINVAL);
	else if (passes)
		deliver_now(b, &call);
	else if (blocks)
		wait_for_ready(b, &call);
	else
		refuse(b, &call, EAGAIN);
	if (counts(&b->opt.on, &call, blocks))
		fakeboot_pull_trigger(b, 1);
}
