/* SPDX-License-Identifier: MIT */
/* The lists of the JSON form, whose elements are objects. */
#include "status/advice/advice.h"
#include "status/render/json.h"

#define USEC_PER_S 1e6
#define NS_PER_S 1e9

json_t *render_json_text(const char *text)
{
	return text && text[0] ? json_string(text) : json_null();
}

static json_t *integer_or_null(bool known, uint64_t number)
{
	return known ? json_integer((json_int_t)number) : json_null();
}

static json_t *event(const struct fact_number *boot, const struct timeline_event *event)
{
	double seconds = (double)event->usec / USEC_PER_S;
	json_t *object = json_pack("{s:s, s:f}", "kind", timeline_kind_name(event->kind),
				   "seconds", seconds);

	json_object_set_new(
		object, "time_seconds",
		boot->unknown ? json_null()
			      : json_real((double)boot->number / USEC_PER_S + seconds));
	json_object_set_new(object, "who", render_json_text(event->who));
	json_object_set_new(
		object, "bytes",
		integer_or_null(event->kind == TIMELINE_URANDOM_EARLY && event->bytes > 0,
				event->bytes));
	json_object_set_new(
		object, "missed",
		integer_or_null(event->kind == TIMELINE_SUPPRESSED, event->missed));
	json_object_set_new(object, "bits",
			    integer_or_null(event->bits >= 0, (uint64_t)event->bits));
	return object;
}

json_t *render_json_timeline(const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	json_t *events = json_array();

	for (size_t i = 0; i < timeline->count; i++)
		json_array_append_new(events,
				      event(&facts->boot_usec, &timeline->events[i]));
	return json_pack(
		"{s:o, s:o, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:o}", "origin",
		render_json_text(timeline->origin), "not_kmsg_because",
		render_json_text(timeline->not_kmsg), "proven", timeline->proven,
		"wrapped", timeline->wrapped, "records", (json_int_t)timeline->records,
		"lost", (json_int_t)timeline->lost, "spoofed",
		(json_int_t)timeline->spoofed, "dropped", (json_int_t)timeline->dropped,
		"early_reads", (json_int_t)timeline->early_reads, "events", events);
}

static json_t *task(const struct waiter *waiter)
{
	return json_pack(
		"{s:i, s:i, s:o, s:o, s:o, s:s, s:s, s:I, s:f, s:o}", "pid",
		(int)waiter->pid, "tid", (int)waiter->tid, "comm",
		render_json_text(waiter->comm), "exe", render_json_text(waiter->exe),
		"unit", render_json_text(waiter->unit), "call",
		waiter_call_name(waiter->call), "waits_for",
		waiter->pool ? "blocking_pool" : "readiness", "bytes",
		(json_int_t)waiter->bytes, "waited_seconds",
		(double)waiter->waited_ns / NS_PER_S, "age_seconds",
		waiter->age_ns < 0 ? json_null()
				   : json_real((double)waiter->age_ns / NS_PER_S));
}

json_t *render_json_waiters(const struct waiters *waiters)
{
	json_t *tasks = json_array();

	for (size_t i = 0; i < waiters->count; i++)
		json_array_append_new(tasks, task(&waiters->list[i]));
	return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:o}", "scanned",
			 waiters->scanned, "examined", (json_int_t)waiters->examined,
			 "hidden", (json_int_t)waiters->hidden, "running",
			 (json_int_t)waiters->running, "skipped",
			 (json_int_t)waiters->skipped, "dropped",
			 (json_int_t)(waiters->total - waiters->count), "total",
			 (json_int_t)waiters->total, "hidepid", waiters->hidepid,
			 "confined", waiters->confined, "tasks", tasks);
}

static void add_machine(json_t *object, const struct seed_file *file)
{
	bool known = file->machine != SEED_MACHINE_UNKNOWN;

	json_object_set_new(object, "machine",
			    known ? json_string(seeds_machine_name(file->machine))
				  : json_null());
	if (!known)
		json_object_set_new(object, "machine_unknown_because",
				    json_string(file->machine_unknown));
}

static json_t *seed(const struct seed_file *file, int64_t now)
{
	char mode[8];

	if (file->unknown)
		return json_pack("{s:s, s:s, s:s}", "system", file->system, "path",
				 file->path, "unknown_because", file->unknown);
	snprintf(mode, sizeof(mode), "%04o", file->mode);

	json_t *object = json_pack(
		"{s:s, s:s, s:I, s:I, s:o, s:s, s:I, s:o, s:s, s:b, s:b}", "system",
		file->system, "path", file->path, "size_bytes", (json_int_t)file->size,
		"modified_seconds", (json_int_t)file->modified, "age_seconds",
		now ? json_integer(now - file->modified) : json_null(), "mode", mode,
		"uid", (json_int_t)file->uid, "credited",
		file->credit == SEED_CREDIT_UNKNOWN
			? json_null()
			: json_boolean(file->credit == SEED_CREDIT_YES),
		"credited_because", file->credit_why, "read_only", file->read_only,
		"volatile", file->is_volatile);

	add_machine(object, file);
	return object;
}

json_t *render_json_seeds(const struct seeds *seeds)
{
	json_t *files = json_array();

	for (size_t i = 0; i < seeds->count; i++)
		json_array_append_new(files, seed(&seeds->list[i], seeds->now));
	return files;
}

static json_t *advice_object(const struct advice *advice)
{
	const struct advice_rule *rule = advice->rule;

	return json_pack("{s:s, s:s, s:s, s:o, s:{s:s, s:s}}", "id", rule->id, "severity",
			 advice_severity_name(rule->severity), "sentence", rule->sentence,
			 "about", render_json_text(advice->about), "action", "kind",
			 advice_action_kind_name(advice->action.kind), "text",
			 advice->action.text);
}

json_t *render_json_advice(const struct facts *facts)
{
	struct advice list[ADVICE_MAX];
	json_t *array = json_array();
	size_t count = advice_find(facts, list);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, advice_object(&list[i]));
	return array;
}
