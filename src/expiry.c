/* SPDX-License-Identifier: MIT */
/* "Timed out" helps nobody: whoever waits in vain is told what was missing. */
#include "expiry.h"

#include "collect.h"
#include "io.h"
#include "message.h"
#include "render.h"

void expiry_reason(char *text, size_t size)
{
	static struct facts facts;

	collect_facts(IO_LIVE_ROOT, COLLECT_LIGHT, &facts);
	render_shortfall(&facts, text, size);
	facts_free(&facts);
}

void expiry_report(void)
{
	char why[512];

	expiry_reason(why, sizeof(why));
	message("not ready in the time given: %s; see 'crng status'", why);
}
