/* SPDX-License-Identifier: MIT */
/* The list of boots for programs. */
#include <stdio.h>
#include <time.h>

#include "base/deadline.h"
#include "status/render/json.h"
#include "status/render/verdict.h"

static json_t *seconds_or_null(int64_t usec)
{
	return usec < 0 ? json_null() : json_real((double)usec / USEC_PER_S);
}

static json_t *began(const struct history_boot *boot)
{
	time_t seconds = (time_t)(boot->began / USEC_PER_S);
	char text[32];
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return json_null();
	return json_string(text);
}

static json_t *readers(const struct history_boot *boot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < boot->readers; i++)
		json_array_append_new(
			array, json_pack("{s:s, s:I}", "who", boot->reader[i].who,
					 "reads", (json_int_t)boot->reader[i].reads));
	return array;
}

/* Why it is not known when the RNG was ready. */
static void why_not_ready(const struct history_boot *boot, char *text, size_t size)
{
	const char *why = history_why_unknown(boot);

	if (why)
		snprintf(text, size, "%s", why);
	else
		verdict_not_ready(boot, text, size);
}

/* What of the boot is null, or may be more, and why. */
static json_t *reasons(const struct history_boot *boot)
{
	json_t *reasons = json_object();
	const char *partial = history_why_partial(boot);
	char why[160] = "the log does not tell";

	if (boot->ready < 0) {
		why_not_ready(boot, why, sizeof(why));
		json_object_set_new(reasons, "ready_seconds", json_string(why));
	}
	if (history_cause(boot) == HISTORY_CAUSE_UNKNOWN)
		json_object_set_new(reasons, "ready_by", json_string(why));
	if (!boot->has_offset) {
		json_object_set_new(reasons, "boot_id", json_string(partial));
		json_object_set_new(reasons, "offset", json_string(partial));
	}
	if (partial) {
		json_object_set_new(reasons, "early_reads", json_string(partial));
		json_object_set_new(reasons, "reseeds_after_clone", json_string(partial));
	}
	return reasons;
}

/* Nothing follows from what a part of the log does not have. */
static json_t *count(const struct history_boot *boot, uint64_t number)
{
	return number > 0 || history_is_whole(boot) ? json_integer((json_int_t)number)
						    : json_null();
}

static json_t *boot_object(const struct history_boot *boot)
{
	bool journal = boot->has_offset, not_ready = history_not_ready(boot);
	enum history_cause cause = history_cause(boot);

	return json_pack(
		"{s:o, s:o, s:s, s:b, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"boot_id", render_json_text(boot->id), "offset",
		journal ? json_integer(boot->offset) : json_null(), "source",
		journal ? "journal" : "wtmp", "running", boot->running, "started",
		began(boot), "started_seconds", (double)boot->began / USEC_PER_S,
		"ready_seconds", seconds_or_null(boot->ready), "ready_by",
		render_json_text(history_cause_name(cause)), "ready_by_message",
		render_json_text(cause == HISTORY_SEED ? boot->seeded_said : NULL),
		"not_ready_after_seconds", seconds_or_null(not_ready ? boot->last : -1),
		"log_ends", not_ready ? json_boolean(boot->ends) : json_null(),
		"early_reads", count(boot, boot->early_reads), "early_readers",
		readers(boot), "reseeds_after_clone", count(boot, boot->reseeds),
		"reasons", reasons(boot));
}

void json_boots(const struct history *history, const struct render_style *style,
		FILE *out)
{
	json_t *root = render_json_begin(), *boots = json_array();

	(void)style;
	for (size_t i = 0; i < history->count; i++)
		json_array_append_new(boots, boot_object(&history->boot[i]));
	if (history->unknown) {
		json_decref(boots);
		boots = json_null();
	}
	json_object_set_new(root, "boots", boots);
	json_object_set_new(root, "unknown_because", render_json_text(history->unknown));
	json_object_set_new(root, "empty_because", render_json_text(history->empty));
	json_object_set_new(root, "older_unknown_because",
			    render_json_text(history->older_unknown));
	json_object_set_new(root, "gaps_because", render_json_text(history->gaps));
	render_json_end(root, out);
}
