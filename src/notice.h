/* SPDX-License-Identifier: MIT */
#ifndef CRNG_NOTICE_H
#define CRNG_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "rng/wait.h"

/* What crng says on standard error while it waits for the RNG. */
struct notice {
	int64_t start;
	bool hinted; /* it has said how to learn more */
};

/*
 * Begins a wait: sets what the request needs so that notices appear. On a terminal that
 * is a line, after STATUSLINE_PATIENCE_NS, which notice_end() clears; elsewhere a message
 * at the times of patience.h. The notice must live as long as the wait.
 */
void notice_begin(struct notice *notice, struct wait_request *request);

void notice_end(void);

#endif
