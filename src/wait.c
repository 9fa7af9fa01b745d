/* SPDX-License-Identifier: MIT */
/*
 * Waiting for the CRNG. Asking again and again never makes an idle kernel gather entropy;
 * one blocking call does (Linux 5.4). No signal is sure to end that call, so a child
 * makes it, while the parent sleeps on a pipe that the child's end closes. The pipe is
 * only the alarm clock: the answer is always a probe of our own, so a child that was
 * killed, or a device that says "readable" too early, costs time but never truth.
 */
#include "wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "device.h"
#include "io.h"
#include "rng.h"

enum { NAP_MAX_MS = 250, GRACE_MS = 5 };

struct waiter {
	pid_t child;	/* 0: none */
	int pipe;	/* closed by the child's end; -1: none */
	int device;	/* /dev/random where readable means ready; -1: none */
	bool disproved; /* an event came and the probe said no, or none can be had */
	int64_t nap;	/* nanoseconds to sleep where no event can be waited for */
	int error;	/* -errno of the last child that could not be started */
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

static void child_main(int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* 0: the parent is outside our PID namespace, and cannot be asked for. */
	if (getppid() != parent && getppid() != 0)
		_exit(EXIT_FAILURE);
	/* Who reads our standard output must not wait for us. */
	io_keep_only(fd);
	rng_barrier();
	/* The parent need not wait for the rest of our end. */
	close(STDIN_FILENO);
	_exit(EXIT_SUCCESS);
}

/*
 * Starts the child that makes the blocking call. Without a descriptor to spare it runs
 * all the same, for what it does to the kernel.
 */
static void start_child(struct waiter *waiter)
{
	int ends[2] = { -1, -1 };
	pid_t self = getpid();

	if (pipe2(ends, O_CLOEXEC) == 0)
		waiter->pipe = ends[0];
	waiter->child = fork();
	if (waiter->child == 0)
		child_main(ends[1], self);
	waiter->error = waiter->child < 0 ? -errno : 0;
	if (ends[1] >= 0)
		close(ends[1]);
	if (waiter->child < 0) {
		waiter->child = 0;
		close_fd(&waiter->pipe);
	}
}

/* Forgets a child that has ended. */
static void reap(struct waiter *waiter, int options)
{
	if (waiter->child == 0 || waitpid(waiter->child, NULL, options) == 0)
		return;
	waiter->child = 0;
	close_fd(&waiter->pipe);
}

/* How long to sleep for want of an event: ever longer, at most for most nanoseconds. */
static int64_t next_nap(struct waiter *waiter, int64_t most)
{
	int64_t nap = shorter(waiter->nap, most);

	waiter->nap = shorter(2 * waiter->nap, NAP_MAX_MS * NS_PER_MS);
	return nap;
}

/*
 * Sleeps until something may have happened; at most for most nanoseconds. A child can be
 * stopped from outside, so the device counts as well; one that could not be started is
 * to be tried again soon. Whoever closed the pipe may live on: it is never waited for.
 */
static void await_event(struct waiter *waiter, int64_t most)
{
	struct pollfd events[] = {
		{ .fd = waiter->pipe, .events = POLLIN },
		{ .fd = waiter->device, .events = POLLIN },
	};
	struct timespec ts;

	if ((waiter->pipe < 0 && waiter->device < 0) || waiter->disproved) {
		deadline_sleep(next_nap(waiter, most));
		waiter->disproved = false;
		reap(waiter, WNOHANG);
		return;
	}
	if (waiter->error)
		most = next_nap(waiter, most);

	int count = ppoll(events, 2, deadline_timespec(most, &ts), NULL);

	if (count <= 0) {
		waiter->disproved = count < 0 && errno != EINTR;
		return;
	}
	waiter->disproved = events[0].revents || waiter->pipe < 0;
	if (events[0].revents)
		reap(waiter, WNOHANG);
	else if (waiter->pipe >= 0)
		close_fd(&waiter->device); /* it has told, or lied */
}

/* Sees to it that the kernel gathers, if it is to. */
static void arm(struct waiter *waiter, const struct wait_request *request)
{
	if (request->passive || waiter->child > 0)
		return;
	start_child(waiter);
	/* With no limit to keep and no child to be had, make the blocking call here. */
	if (waiter->error && request->deadline == DEADLINE_NEVER)
		rng_barrier();
}

/*
 * A killed child mostly ends at once, and then no zombie is left to whoever adopts it.
 * Once the CRNG is ready nothing can hold it; before, Linux 5.4 to 5.17 may be deaf to
 * SIGKILL, and it is left to itself.
 */
static void stop(struct waiter *waiter, bool ready)
{
	if (waiter->child > 0) {
		struct pollfd pfd = { .fd = waiter->pipe, .events = POLLIN };

		kill(waiter->child, SIGKILL);
		if (!ready)
			poll(&pfd, 1, GRACE_MS);
		reap(waiter, ready ? 0 : WNOHANG);
	}
	close_fd(&waiter->pipe);
	close_fd(&waiter->device);
}

int wait_ready(struct wait_request *request)
{
	struct waiter waiter = { .pipe = -1, .device = -1, .nap = NS_PER_MS };
	int64_t interval = request->on_interval ? request->interval : DEADLINE_NEVER;
	int64_t next = deadline_after(interval);
	int rc = rng_probe();

	if (rc == -EAGAIN && deadline_left(request->deadline) > 0 &&
	    device_poll_means_ready())
		waiter.device = device_open(DEVICE_RANDOM);
	while (rc == -EAGAIN) {
		int64_t left = deadline_left(request->deadline);

		if (left == 0) {
			rc = -ETIMEDOUT;
			break;
		}
		arm(&waiter, request);
		await_event(&waiter, shorter(left, deadline_left(next)));
		if (deadline_left(next) == 0) {
			request->on_interval(request->data);
			next = deadline_after(interval);
		}
		rc = rng_probe();
	}
	stop(&waiter, rc == 0);
	request->child_error = waiter.error;
	return rc;
}
