/* SPDX-License-Identifier: MIT */
/* The list of boots for eval in a POSIX shell. */
#include <inttypes.h>

#include "base/deadline.h"
#include "status/render/shell.h"

static void put_seconds(FILE *out, const char *group, const char *key, int64_t usec)
{
	if (usec < 0)
		shell_put(out, group, key, "");
	else
		shell_putf(out, group, key, "%" PRId64 ".%06d", usec / USEC_PER_S,
			   (int)(usec % USEC_PER_S));
}

static void put_count(FILE *out, const char *group, const char *key, bool known,
		      uint64_t count)
{
	if (known || count > 0)
		shell_putf(out, group, key, "%" PRIu64, count);
	else
		shell_put(out, group, key, "");
}

static void put_boot(FILE *out, const char *group, const struct history_boot *boot)
{
	shell_put(out, group, "id", boot->id);
	if (boot->has_offset)
		shell_putf(out, group, "offset", "%d", boot->offset);
	else
		shell_put(out, group, "offset", "");
	shell_put(out, group, "source", boot->has_offset ? "journal" : "wtmp");
	shell_putf(out, group, "running", "%d", boot->running);
	shell_putf(out, group, "started_seconds", "%" PRId64, boot->began / USEC_PER_S);
	put_seconds(out, group, "ready_seconds", boot->ready);
	shell_put(out, group, "ready_by", history_cause_name(history_cause(boot)));
	put_seconds(out, group, "not_ready_after_seconds",
		    history_not_ready(boot) ? boot->last : -1);
	put_count(out, group, "early_reads", history_is_whole(boot), boot->early_reads);
	put_count(out, group, "reseeds_after_clone", history_is_whole(boot),
		  boot->reseeds);
}

void shell_boots(const struct history *history, const struct render_style *style,
		 FILE *out)
{
	const char *because = history->unknown ? history->unknown : history->empty;
	char group[32];

	(void)style;
	if (history->unknown)
		shell_put(out, "", "boots", "");
	else
		shell_putf(out, "", "boots", "%zu", history->count);
	shell_put(out, "boots", "because", because ? because : "");
	shell_put(out, "boots", "older_unknown_because",
		  history->older_unknown ? history->older_unknown : "");
	shell_put(out, "boots", "gaps_because", history->gaps ? history->gaps : "");
	for (size_t i = 0; i < history->count; i++) {
		snprintf(group, sizeof(group), "boot_%zu", i + 1);
		put_boot(out, group, &history->boot[i]);
	}
}
