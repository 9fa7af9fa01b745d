/* SPDX-License-Identifier: MIT */
/* Status for programs: null for what is unknown, with its reason under "reasons". */
#include <jansson.h>

#include "advice.h"
#include "fields.h"
#include "render.h"

enum { SCHEMA_VERSION = 1, REAL_DIGITS = 15 };

#define USEC_PER_S 1e6
#define NS_PER_S 1e9

static json_t *value_of(const struct field *field, const struct fact *fact)
{
	if (fact->unknown)
		return json_null();
	switch (field->type) {
	case FIELD_FLAG:
		return json_boolean(fact->number);
	case FIELD_NUMBER:
		return json_integer((json_int_t)fact->number);
	case FIELD_MILLI:
		return json_real((double)fact->number / 1000);
	default:
		return json_string(fact->text);
	}
}

/* The object of the group, made when its first member comes. */
static json_t *group_of(json_t *root, const char *group)
{
	json_t *object = group[0] ? json_object_get(root, group) : root;

	if (!object) {
		json_object_set_new(root, group, json_object());
		object = json_object_get(root, group);
	}
	return object;
}

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? json_string(text) : json_null();
}

static json_t *event(const struct timeline *timeline, const struct timeline_event *event)
{
	bool early = event->kind == TIMELINE_URANDOM_EARLY && event->bytes > 0;
	double seconds = (double)event->usec / USEC_PER_S;

	return json_pack(
		"{s:s, s:f, s:o, s:o, s:o, s:o, s:o}", "kind",
		render_event_name(event->kind), "seconds", seconds, "time_seconds",
		timeline->boot_usec < 0
			? json_null()
			: json_real((double)timeline->boot_usec / USEC_PER_S + seconds),
		"who", text_or_null(event->who), "bytes",
		early ? json_integer((json_int_t)event->bytes) : json_null(), "missed",
		event->kind == TIMELINE_SUPPRESSED ? json_integer((json_int_t)event->missed)
						   : json_null(),
		"bits", event->bits < 0 ? json_null() : json_integer(event->bits));
}

static json_t *timeline_object(const struct timeline *timeline)
{
	json_t *events = json_array();

	for (size_t i = 0; i < timeline->count; i++)
		json_array_append_new(events, event(timeline, &timeline->events[i]));
	return json_pack("{s:o, s:o, s:b, s:b, s:I, s:I, s:I, s:I, s:o}", "origin",
			 text_or_null(timeline->origin), "not_kmsg_because",
			 text_or_null(timeline->not_kmsg), "proven", timeline->proven,
			 "wrapped", timeline->wrapped, "records",
			 (json_int_t)timeline->records, "lost", (json_int_t)timeline->lost,
			 "spoofed", (json_int_t)timeline->spoofed, "dropped",
			 (json_int_t)timeline->dropped, "events", events);
}

static json_t *task(const struct waiter *waiter)
{
	return json_pack(
		"{s:i, s:i, s:o, s:o, s:o, s:s, s:I, s:f, s:o}", "pid", (int)waiter->pid,
		"tid", (int)waiter->tid, "comm", text_or_null(waiter->comm), "exe",
		text_or_null(waiter->exe), "unit", text_or_null(waiter->unit), "call",
		waiter_call_name(waiter->call), "bytes", (json_int_t)waiter->bytes,
		"waited_seconds", (double)waiter->seen_ns / NS_PER_S, "age_seconds",
		waiter->age_ns < 0 ? json_null()
				   : json_real((double)waiter->age_ns / NS_PER_S));
}

static json_t *waiters_object(const struct waiters *waiters)
{
	json_t *tasks = json_array();

	for (size_t i = 0; i < waiters->count; i++)
		json_array_append_new(tasks, task(&waiters->list[i]));
	return json_pack("{s:b, s:I, s:I, s:I, s:I, s:b, s:o}", "scanned", waiters->scanned,
			 "examined", (json_int_t)waiters->examined, "hidden",
			 (json_int_t)waiters->hidden, "skipped",
			 (json_int_t)waiters->skipped, "dropped",
			 (json_int_t)waiters->dropped, "hidepid", waiters->hidepid, "tasks",
			 tasks);
}

static json_t *seed(const struct seed_file *file, int64_t now)
{
	char mode[8];

	if (file->unknown)
		return json_pack("{s:s, s:s, s:s}", "system", file->system, "path",
				 file->path, "unknown_because", file->unknown);
	snprintf(mode, sizeof(mode), "%04o", file->mode);
	return json_pack(
		"{s:s, s:s, s:I, s:I, s:o, s:s, s:i, s:o, s:s, s:b, s:b}", "system",
		file->system, "path", file->path, "size_bytes", (json_int_t)file->size,
		"modified_seconds", (json_int_t)file->modified, "age_seconds",
		now ? json_integer(now - file->modified) : json_null(), "mode", mode, "uid",
		(int)file->uid, "credited",
		file->credit == SEED_CREDIT_UNKNOWN
			? json_null()
			: json_boolean(file->credit == SEED_CREDIT_YES),
		"credited_because", file->credit_why, "read_only", file->read_only,
		"volatile", file->is_volatile);
}

static json_t *seed_array(const struct seeds *seeds)
{
	json_t *files = json_array();

	for (size_t i = 0; i < seeds->count; i++)
		json_array_append_new(files, seed(&seeds->list[i], seeds->now));
	return files;
}

static json_t *advice_array(const struct facts *facts)
{
	struct advice list[ADVICE_MAX];
	json_t *array = json_array();
	size_t count = advice_find(facts, list);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s, s:o, s:s}", "id", list[i].rule->id,
				  "severity", advice_severity_name(list[i].rule->severity),
				  "sentence", list[i].rule->sentence, "about",
				  text_or_null(list[i].about), "command", list[i].command));
	return array;
}

static void set_list(json_t *root, json_t *reasons, const char *key, const char *unknown,
		     json_t *list)
{
	json_object_set_new(root, key, unknown ? json_null() : list);
	if (!unknown)
		return;
	json_decref(list);
	json_object_set_new(reasons, key, json_string(unknown));
}

static void set_scalars(json_t *root, json_t *reasons, const struct facts *facts)
{
	for (size_t i = 0; i < field_count; i++) {
		const struct field *field = &fields[i];
		const struct fact *fact = field_fact(field, facts);

		json_object_set_new(group_of(root, field->group), field->key,
				    value_of(field, fact));
		if (fact->unknown)
			json_object_set_new(group_of(reasons, field->group), field->key,
					    json_string(fact->unknown));
	}
}

void render_json(const struct facts *facts, const struct render_style *style, FILE *out)
{
	json_t *root = json_object(), *reasons = json_object();

	(void)style;
	json_object_set_new(root, "schema_version", json_integer(SCHEMA_VERSION));
	set_scalars(root, reasons, facts);
	set_list(root, reasons, "seed_files", facts->seeds.unknown,
		 seed_array(&facts->seeds));
	set_list(root, reasons, "timeline", facts->timeline.unknown,
		 timeline_object(&facts->timeline));
	set_list(root, reasons, "waiters", facts->waiters.unknown,
		 waiters_object(&facts->waiters));
	json_object_set_new(root, "advice", advice_array(facts));
	json_object_set_new(root, "reasons", reasons);
	json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
	fputc('\n', out);
	json_decref(root);
}
