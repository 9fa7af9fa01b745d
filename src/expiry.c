/* SPDX-License-Identifier: MIT */
/* "Timed out" helps nobody, so crng tells what was missing. */
#include "expiry.h"

#include <string.h>

#include "base/message.h"
#include "status/collect/collect.h"
#include "status/shortfall.h"

#define TIMED_OUT "timed out before the RNG was ready: "

void expiry_reason(char *text, size_t size)
{
	static struct facts facts;

	collect_facts(NULL, COLLECT_LIGHT, &facts);
	shortfall_describe(&facts, text, size);
}

void expiry_report(const struct wait_request *wait)
{
	char why[512];

	expiry_reason(why, sizeof(why));
	if (wait->child_error == WAIT_NO_NAMESPACE)
		message(TIMED_OUT
			"%s; nothing made the kernel gather entropy, because a "
			"process for that would have taken CMD's place as the first one of "
			"the new PID namespace: use 'unshare --fork'",
			why);
	else if (wait->child_error)
		message(TIMED_OUT
			"%s; no process could be started to make the kernel gather "
			"entropy: %s",
			why, strerror(-wait->child_error));
	else
		message(TIMED_OUT "%s; run 'crng status' to see why", why);
}
