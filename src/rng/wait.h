/* SPDX-License-Identifier: MIT */
#ifndef CRNG_WAIT_H
#define CRNG_WAIT_H

#include <stdbool.h>
#include <stdint.h>

/* No child was started: it would have been the first process of a new PID namespace. */
#define WAIT_NO_NAMESPACE 1

struct wait_request {
	int64_t deadline; /* deadline.h; a point in the past: ask once, do not wait */
	bool passive;	  /* only watch: never make the kernel gather entropy */
	bool becomes;	  /* this process will become another program, which may fork */

	/*
	 * While the wait lasts, notice is called at the point notice_at (deadline.h), and
	 * again at that which it returns. NULL: never.
	 */
	int64_t (*notice)(void *data);
	int64_t notice_at;
	void *data;

	/*
	 * Set on return: -errno where no child could be started, or WAIT_NO_NAMESPACE; in
	 * both cases nothing made the kernel gather. Else 0.
	 */
	int child_error;
};

/*
 * Waits until the CRNG is ready. Returns 0 only when the kernel has just said so;
 * -ETIMEDOUT when the deadline has passed; another -errno of rng_probe() where readiness
 * cannot be determined. Leaves no process, no zombie and no descriptor behind, except a
 * child that has been killed but has not ended yet, on Linux 5.4 to 5.17 (see
 * rng_barrier()).
 */
int wait_ready(struct wait_request *request);

/*
 * For a wait of another kind: when to look up, which is the deadline or the next notice;
 * and calls the notice if it is time to.
 */
int64_t wait_next_point(const struct wait_request *request);
void wait_notify(struct wait_request *request);

#endif
