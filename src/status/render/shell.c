/* SPDX-License-Identifier: MIT */
/*
 * Status for eval in a POSIX shell: CRNG_NAME='value', empty for an unknown value. Within
 * single quotes only the quote itself is special.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "status/advice/advice.h"
#include "status/fields.h"
#include "status/render/shell.h"

enum { VALUE_MAX = 2048 };

static void put_quoted(FILE *out, const char *value)
{
	fputc('\'', out);
	for (; *value; value++) {
		if (*value == '\'')
			fputs("'\\''", out);
		else
			fputc(*value, out);
	}
	fputs("'\n", out);
}

/* Not toupper(): in a Turkish locale "i" has another capital, or one outside ASCII. */
static void put_upper(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name, out);
}

void shell_put(FILE *out, const char *group, const char *key, const char *value)
{
	fputs("CRNG_", out);
	put_upper(out, group);
	if (group[0])
		fputc('_', out);
	put_upper(out, key);
	fputc('=', out);
	put_quoted(out, value);
}

void shell_putf(FILE *out, const char *group, const char *key, const char *format, ...)
{
	char value[VALUE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	shell_put(out, group, key, value);
}

static void put_field(FILE *out, const struct field *field, const struct facts *facts)
{
	if (!field->group)
		return;
	if (field_unknown(field, facts)) {
		shell_put(out, field->group, field->key, "");
		return;
	}
	if (field_is_text(field)) {
		shell_put(out, field->group, field->key, field_text(field, facts));
		return;
	}

	uint64_t number = field_number(field, facts);

	if (field->type == FIELD_MILLI)
		shell_putf(out, field->group, field->key, "%" PRIu64 ".%03u",
			   number / 1000, (unsigned int)(number % 1000));
	else
		shell_putf(out, field->group, field->key, "%" PRIu64, number);
}

static void put_count(FILE *out, const char *key, const char *unknown, size_t count)
{
	if (unknown)
		shell_put(out, "", key, "");
	else
		shell_putf(out, "", key, "%zu", count);
}

static void put_seeds(FILE *out, const struct seeds *seeds)
{
	char group[32];

	put_count(out, "seed_files", seeds->unknown, seeds->count);
	for (size_t i = 0; i < seeds->count; i++) {
		const struct seed_file *file = &seeds->list[i];

		snprintf(group, sizeof(group), "seed_file_%zu", i + 1);
		shell_put(out, group, "path", file->path);
		shell_put(out, group, "system", file->system);
		if (file->unknown)
			continue;
		shell_putf(out, group, "size_bytes", "%" PRIu64, file->size);
		shell_putf(out, group, "modified_seconds", "%" PRId64, file->modified);
		shell_putf(out, group, "mode", "%04o", file->mode);
		shell_put(out, group, "credited", seeds_credit_name(file->credit));
		shell_put(out, group, "machine", seeds_machine_name(file->machine));
	}
}

static void put_events(FILE *out, const struct timeline *timeline)
{
	char group[32];

	put_count(out, "events", timeline->unknown, timeline->count);
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *event = &timeline->events[i];

		snprintf(group, sizeof(group), "event_%zu", i + 1);
		shell_put(out, group, "kind", timeline_kind_name(event->kind));
		shell_putf(out, group, "seconds", "%" PRId64 ".%06d",
			   event->usec / 1000000, (int)(event->usec % 1000000));
		shell_put(out, group, "who", event->who);
	}
}

static void put_waiters(FILE *out, const struct waiters *waiters)
{
	char group[32];

	put_count(out, "waiters", waiters->unknown, waiters->count);
	put_count(out, "waiters_total", waiters->unknown, waiters->total);
	for (size_t i = 0; i < waiters->count; i++) {
		const struct waiter *waiter = &waiters->list[i];

		snprintf(group, sizeof(group), "waiter_%zu", i + 1);
		shell_putf(out, group, "pid", "%d", (int)waiter->pid);
		shell_putf(out, group, "tid", "%d", (int)waiter->tid);
		shell_put(out, group, "comm", waiter->comm);
		shell_put(out, group, "unit", waiter->unit);
		shell_put(out, group, "call", waiter_call_name(waiter->call));
		shell_put(out, group, "waits_for",
			  waiter->pool ? "blocking_pool" : "readiness");
	}
}

static void put_advice(FILE *out, const struct facts *facts)
{
	struct advice list[ADVICE_MAX];
	char ids[VALUE_MAX] = "";
	size_t count = advice_find(facts, list), at = 0;

	for (size_t i = 0; i < count; i++)
		at += (size_t)snprintf(ids + at, sizeof(ids) - at, "%s%s",
				       i > 0 ? " " : "", list[i].rule->id);
	shell_put(out, "", "advice", ids);
}

void render_shell(const struct facts *facts, const struct render_style *style, FILE *out)
{
	(void)style;
	for (size_t i = 0; i < field_count; i++)
		put_field(out, &fields[i], facts);
	put_seeds(out, &facts->seeds);
	put_events(out, &facts->timeline);
	put_waiters(out, &facts->waiters);
	put_advice(out, facts);
}
