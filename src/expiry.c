/* SPDX-License-Identifier: MIT */
/* "Timed out" helps nobody, so crng tells what was missing. */
#include "expiry.h"

#include <string.h>

#include "base/message.h"
#include "status/collect/collect.h"
#include "status/shortfall.h"

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
		message("not ready in the time given: %s; nothing made the kernel gather, as a "
			"process for that would have been the first of the new PID namespace "
			"in the place of CMD: use 'unshare --fork'; see 'crng status'",
			why);
	else if (wait->child_error)
		message("not ready in the time given: %s; no process could be started to make "
			"the kernel gather: %s; see 'crng status'",
			why, strerror(-wait->child_error));
	else
		message("not ready in the time given: %s; see 'crng status'", why);
}
