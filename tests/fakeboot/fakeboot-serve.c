/* SPDX-License-Identifier: MIT */
/* The event loop, and the table of the calls that are reported with their answers. */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* SECCOMP_IOCTL_NOTIF_SET_FLAGS of Linux 6.6, which older headers do not have */
#define NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1UL

/* How often to look for cancelled calls while some sleep; only the log shows it. */
#define SWEEP_NSEC (100 * 1000000LL)

/* How long a process may outlive CMD before it counts as left behind. */
#define GRACE_NSEC (2 * NSEC_PER_SEC)

/* A call that is only the event of --ready-on; readiness comes as it is entered. */
static void answer_trigger(struct boot *b, const struct seccomp_notif *req)
{
	uint64_t flags = 0; /* clone3: the first member of struct clone_args */

	if (req->data.nr == SCMP_SYS(clone3))
		fakeboot_peek((pid_t)req->pid, req->data.args[0], &flags, sizeof(flags));
	bool own = b->opt.on.scope == SCOPE_EXEC && fakeboot_started(b);
	if (!own && !(flags & CLONE_THREAD)) {
		fakeboot_log(b, fakeboot_now(), "event=trigger pid=%d tid=%d call=%s",
			     (int)fakeboot_process_of(b, (pid_t)req->pid), (int)req->pid,
			     b->opt.on.name);
		fakeboot_pull_trigger(b, 1);
	}
	fakeboot_pass(b, req->id);
}

#define ONLY_FLAG(arg, flag)                              \
	{                                                 \
		(arg), SCMP_CMP_MASKED_EQ, (flag), (flag) \
	}
#define AT_EMPTY 0x1000 /* AT_EMPTY_PATH: a stat of a descriptor */

const struct rule fakeboot_rules[] = {
	{ SCMP_SYS(getrandom), SCOPE_RNG, fakeboot_getrandom, { 0 } },
	{ SCMP_SYS(prctl),
	  SCOPE_DUMPABLE,
	  fakeboot_stay_writable,
	  { 0, SCMP_CMP_EQ, PR_SET_DUMPABLE, 0 } },
	{ SCMP_SYS(open), SCOPE_DEVICE, fakeboot_device_open, { 0 } },
	{ SCMP_SYS(openat), SCOPE_DEVICE, fakeboot_device_open, { 0 } },
	{ SCMP_SYS(openat2), SCOPE_DEVICE, fakeboot_device_open, { 0 } },
	{ SCMP_SYS(fstat), SCOPE_DEVICE, fakeboot_device_stat, { 0 } },
	{ SCMP_SYS(newfstatat), SCOPE_DEVICE, fakeboot_device_stat,
	  ONLY_FLAG(3, AT_EMPTY) },
	{ SCMP_SYS(statx), SCOPE_DEVICE, fakeboot_device_stat, ONLY_FLAG(2, AT_EMPTY) },
	{ SCMP_SYS(ioctl),
	  SCOPE_DEVICE,
	  fakeboot_ioctl,
	  { 1, SCMP_CMP_MASKED_EQ, _IOC_TYPEMASK << _IOC_TYPESHIFT,
	    _IOC_TYPE(RNDADDENTROPY) << _IOC_TYPESHIFT } },
	{ SCMP_SYS(read), SCOPE_READ, fakeboot_hwrng_read, { 0 } },
	{ SCMP_SYS(access), SCOPE_READ, fakeboot_hwrng_access, { 0 } },
	{ SCMP_SYS(faccessat), SCOPE_READ, fakeboot_hwrng_access, { 0 } },
	{ SCMP_SYS(faccessat2), SCOPE_READ, fakeboot_hwrng_access, { 0 } },
	{ SCMP_SYS(fork), SCOPE_FORK, answer_trigger, { 0 } },
	{ SCMP_SYS(vfork), SCOPE_FORK, answer_trigger, { 0 } },
	{ SCMP_SYS(clone),
	  SCOPE_FORK,
	  answer_trigger,
	  { 0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0 } },
	{ SCMP_SYS(clone3), SCOPE_FORK, answer_trigger, { 0 } },
	{ SCMP_SYS(execve), SCOPE_EXEC, answer_trigger, { 0 } },
	{ SCMP_SYS(execveat), SCOPE_EXEC, answer_trigger, { 0 } },
	{ SCMP_SYS(poll), SCOPE_POLL, answer_trigger, { 0 } },
	{ SCMP_SYS(ppoll), SCOPE_POLL, answer_trigger, { 0 } },
	{ 0, 0, NULL, { 0 } },
};

static void receive_call(struct boot *b)
{
	struct seccomp_notif req = { 0 };

	if (ioctl(b->listener, SECCOMP_IOCTL_NOTIF_RECV, &req))
		return; /* it was cancelled before we received it */
	fakeboot_started(b);
	const struct rule *rule = fakeboot_rules;
	while (rule->nr != req.data.nr)
		rule++; /* the filter was made from this table */
	rule->answer(b, &req);
}

/* SIGUSR1 is for us alone. A signal from the terminal reaches CMD by itself. */
static void receive_signals(struct boot *b)
{
	struct signalfd_siginfo info;

	while (read(b->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			fakeboot_reap(b);
		else if (info.ssi_signo == SIGUSR1)
			fakeboot_become_ready(b, "signal");
		else if (info.ssi_code <= 0 && b->child)
			kill(b->child, (int)info.ssi_signo);
	}
	fakeboot_forget_cancelled(b, 0);
}

static void exec_failed(const struct boot *b, int error)
{
	if (error == 0 || error == -EAGAIN)
		return;
	fprintf(stderr, "fakeboot: %s: %s\n", b->opt.command[0], strerror(-error));
	exit(error == -ENOENT ? 127 : 126);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a == NEVER || (b != NEVER && b < a) ? b : a;
}

static struct timespec *time_left(const struct boot *b, int64_t end,
				  struct timespec *left)
{
	int64_t now = fakeboot_now();

	end = earlier(earlier(end, b->due), b->feed_due);
	if (b->waiting_count)
		end = earlier(end, now + SWEEP_NSEC);
	if (end == NEVER)
		return NULL;
	int64_t nsec = end > now ? end - now : 0;
	*left = (struct timespec){ nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC };
	return left;
}

/* Sleeps for the next event, until @end at most, and deals with it. */
static void serve_once(struct boot *b, int64_t end)
{
	enum { LISTENER, SIGNALS, SOCK, DEVICE };
	struct pollfd fds[] = {
		[LISTENER] = { .fd = b->listener, .events = POLLIN },
		[SIGNALS] = { .fd = b->signals, .events = POLLIN },
		[SOCK] = { .fd = b->sock, .events = POLLIN },
		[DEVICE] = { .fd = fakeboot_device_gives(b) ? b->random.pipe[1] : -1,
			     .events = POLLOUT },
	};
	struct timespec left;

	int count = ppoll(fds, 4, time_left(b, end, &left), NULL);
	if (b->due != NEVER && fakeboot_now() >= b->due)
		fakeboot_become_ready(b, b->cause);
	else if (count == 0)
		fakeboot_forget_cancelled(b, 0);
	if (b->feed_due != NEVER && fakeboot_now() >= b->feed_due)
		fakeboot_hwrng_feed(b);
	if (count <= 0)
		return;
	if (fds[SOCK].revents)
		exec_failed(b, fakeboot_started(b));
	if (fds[SIGNALS].revents) /* a signal that was sent before a call counts for it */
		receive_signals(b);
	if (fds[LISTENER].revents & POLLIN)
		receive_call(b);
	else if (fds[LISTENER].revents)
		b->listener = -1; /* no process is left under the filter */
	if (fds[DEVICE].revents)
		fakeboot_device_fill(b);
}

/*
 * Serves until CMD ends; returns its exit status. Processes that CMD has killed or told
 * to end get a moment to do so, in which they are served; after it they are orphans.
 */
int fakeboot_serve(struct boot *b)
{
	ioctl(b->listener, NOTIF_SET_FLAGS, SYNC_WAKE_UP); /* faster, where it exists */
	prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
	fakeboot_log(b, fakeboot_now(), "event=start pid=%d by=%d", (int)b->child,
		     (int)getpid());
	if (b->opt.ready_after != NEVER) {
		b->due = fakeboot_now() + b->opt.ready_after;
		b->cause = "after";
	}
	while (!b->ended)
		serve_once(b, NEVER);
	int64_t end = fakeboot_now() + GRACE_NSEC;
	while (!fakeboot_alone() && fakeboot_now() < end)
		serve_once(b, end);
	fakeboot_kill_orphans(b);
	free(b->waiting);
	free(b->strangers.pid);
	return b->status;
}
