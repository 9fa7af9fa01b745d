/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the CRNG. Asking again and again never makes an idle kernel gather entropy;
 * one blocking call does (Linux 5.4). No signal is sure to end that call, so a child
 * makes it, while the parent sleeps on a pipe that is closed when the child ends. The
 * pipe is only the alarm clock: the answer is always a probe of our own, so a child that
 * was killed, or a device that says "readable" too early, costs time but never truth.
 */
#include "rng/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fork.h"
#include "base/io.h"
#include "rng/device.h"
#include "rng/rng.h"

enum { NAP_MAX_MS = 250, GRACE_MS = 5 };

struct wait_state {
	pid_t child;	/* 0: none */
	int pipe;	/* closed when the child ends; -1: none */
	int device;	/* /dev/random where readable means ready; -1: none */
	bool disproved; /* an event came but the probe said no, or ppoll(2) failed */
	int64_t nap;	/* nanoseconds to sleep where no event can be waited for */
	int error;	/* why the last child could not be started; wait.h */
};

static int64_t shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

struct child {
	int fd; /* its own end of the pipe, or -1 */
	pid_t parent;
	sigset_t mask;
};

static int child_main(void *data)
{
	const struct child *child = data;

	fork_drop_handlers();
	sigprocmask(SIG_SETMASK, &child->mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* 0: the parent is outside our PID namespace and has no number here. */
	if (getppid() != child->parent && getppid() != 0)
		return EXIT_FAILURE;
	/* The reader of our standard output must not have to wait for us. */
	io_keep_only(child->fd);
	rng_barrier();
	/* The parent need not wait until we have ended completely. */
	close(STDIN_FILENO);
	return EXIT_SUCCESS;
}

/*
 * Like fork(2), except for two things: no signal reports the end of the child, because
 * one that the caller blocks would stay pending and reach the command that we become; and
 * no signal reaches the child while it has our handlers. Returns the child or -errno.
 */
static pid_t start_quietly(struct child *child)
{
	static _Alignas(16) char stack[64 * 1024]; /* the child writes to a copy */
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &child->mask);
#ifdef __hppa__ /* the stack grows upwards */
	pid_t pid = clone(child_main, stack, 0, child);
#else
	pid_t pid = clone(child_main, stack + sizeof(stack), 0, child);
#endif
	int error = errno;

	sigprocmask(SIG_SETMASK, &child->mask, NULL);
	return pid < 0 ? -error : pid;
}

/*
 * Starts the child that makes the blocking call. If no descriptor is left for the pipe it
 * runs all the same, because it makes the kernel gather.
 */
static void start_child(struct wait_state *state, bool becomes)
{
	struct child child = { .parent = getpid() };
	int ends[2] = { -1, -1 };

	if (becomes && fork_founds_namespace()) {
		state->error = WAIT_NO_NAMESPACE;
		return;
	}
	if (pipe2(ends, O_CLOEXEC) == 0)
		state->pipe = ends[0];
	child.fd = ends[1];

	pid_t pid = start_quietly(&child);

	state->error = pid < 0 ? pid : 0;
	state->child = pid < 0 ? 0 : pid;
	close_fd(&ends[1]);
	if (pid < 0)
		close_fd(&state->pipe);
}

/* Reaps the child, if it has ended. */
static void reap(struct wait_state *state, int options)
{
	if (state->child == 0 || waitpid(state->child, NULL, options | __WALL) == 0)
		return;
	state->child = 0;
	close_fd(&state->pipe);
}

/*
 * How long to sleep where there is no event to wait for: longer each time, up to limit
 * nanoseconds.
 */
static int64_t next_nap(struct wait_state *state, int64_t limit)
{
	int64_t nap = shorter(state->nap, limit);

	state->nap = shorter(2 * state->nap, NAP_MAX_MS * NS_PER_MS);
	return nap;
}

/*
 * Sleeps until something may have happened, up to limit nanoseconds. A child can be
 * stopped from outside, so the device is watched as well. If no child could be started,
 * the next attempt must come soon. A child that closed the pipe may still be alive, so it
 * is never waited for.
 */
static void await_event(struct wait_state *state, int64_t limit)
{
	struct pollfd events[] = {
		{ .fd = state->pipe, .events = POLLIN },
		{ .fd = state->device, .events = POLLIN },
	};
	struct timespec ts;

	if ((state->pipe < 0 && state->device < 0) || state->disproved) {
		deadline_sleep(next_nap(state, limit));
		state->disproved = false;
		reap(state, WNOHANG);
		return;
	}
	if (state->error)
		limit = next_nap(state, limit);

	int count = ppoll(events, 2, deadline_timespec(limit, &ts), NULL);

	if (count <= 0) {
		state->disproved = count < 0 && errno != EINTR;
		return;
	}
	state->disproved = events[0].revents || state->pipe < 0;
	if (events[0].revents)
		reap(state, WNOHANG);
	else if (state->pipe >= 0)
		close_fd(
			&state->device); /* right or not, it has nothing more to report */
}

/* Makes the kernel gather, if the request wants that. */
static void arm(struct wait_state *state, const struct wait_request *request)
{
	if (request->passive || state->child > 0)
		return;
	start_child(state, request->becomes);
	/* Without a deadline to keep and without a child, make the call here. */
	if (state->error && request->deadline == DEADLINE_NEVER)
		rng_barrier();
}

/*
 * A killed child usually ends at once, and then leaves no zombie to the process that
 * adopts it. Once the CRNG is ready nothing can hold the child; before that it may be
 * deaf to SIGKILL on Linux 5.4 to 5.17, and is left alone.
 */
static void stop(struct wait_state *state, bool ready)
{
	if (state->child > 0) {
		struct pollfd pfd = { .fd = state->pipe, .events = POLLIN };

		kill(state->child, SIGKILL);
		if (!ready)
			poll(&pfd, 1, GRACE_MS);
		reap(state, ready ? 0 : WNOHANG);
	}
	close_fd(&state->pipe);
	close_fd(&state->device);
}

int64_t wait_next_point(const struct wait_request *request)
{
	return request->notice ? shorter(request->deadline, request->notice_at)
			       : request->deadline;
}

void wait_notify(struct wait_request *request)
{
	if (request->notice && deadline_left(request->notice_at) == 0)
		request->notice_at = request->notice(request->data);
}

int wait_ready(struct wait_request *request)
{
	struct wait_state state = { .pipe = -1, .device = -1, .nap = NS_PER_MS };
	int rc = rng_probe();

	if (rc == -EAGAIN && deadline_left(request->deadline) > 0 &&
	    device_poll_means_ready())
		state.device = device_open(DEVICE_RANDOM);
	while (rc == -EAGAIN) {
		if (deadline_left(request->deadline) == 0) {
			rc = -ETIMEDOUT;
			break;
		}
		arm(&state, request);
		await_event(&state, deadline_left(wait_next_point(request)));
		wait_notify(request);
		rc = rng_probe();
	}
	stop(&state, rc == 0);
	request->child_error = state.error;
	return rc;
}
