/* SPDX-License-Identifier: MIT */
/* status --boots and --boot: the boots before this one. */
#include "cmd-status-boots.h"

#include <errno.h>

#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "command.h"
#include "status/collect/collect.h"

int status_boots(const struct renderer *renderer, const struct render_style *style,
		 const char *tree, size_t max)
{
	static struct history history;
	int rc = history_collect(tree, max, &history);

	if (rc != 0) {
		message("%s: %s", tree, text_error(-rc));
		return STATUS_FAILURE;
	}
	renderer->boots(&history, style, io_out());
	return STATUS_OK;
}

int status_boot(const struct renderer *renderer, const struct render_style *style,
		const char *tree, const struct status_options *o)
{
	static struct facts facts;
	const char *why;
	int rc = collect_past(tree, &o->wanted, &facts, &why);

	if (rc == -ESRCH)
		message("--boot=%s: no such boot; 'crng status --boots=1000' lists them",
			o->boot);
	else if (rc == -ENODATA)
		message("--boot=%s: %s", o->boot, why);
	else if (rc != 0)
		message("%s: %s", tree, text_error(-rc));
	else
		renderer->render(&facts, style, io_out());
	return rc == 0 ? STATUS_OK : STATUS_FAILURE;
}
