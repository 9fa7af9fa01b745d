/* SPDX-License-Identifier: MIT */
/*
 * judge FACT... -- CONCLUSION...: does judge_facts() conclude this from these facts, and
 * from no others? A fact or a conclusion is NAME=VALUE, NAME as in the JSON form
 * (pool.poolsize_bits) or, of what no format shows, as in fields.c; VALUE is yes or no
 * for a flag, and ?REASON for what is unknown. Further facts: log (it could be read, and
 * is complete), log.wrapped, log.lost, log.journal, log.dmesg, event=KIND@MICROSECONDS, keys (none
 * is there), keys.more, key=PATH@SECONDS. Exits with 1, and says what it is instead, for a
 * conclusion that is not drawn.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status/fields.h"
#include "status/judge.h"
#include "status/timeline/timeline.h"

static _Noreturn void usage(const char *what)
{
	fprintf(stderr, "judge: %s?\n", what);
	exit(EXIT_FAILURE + 1);
}

static const struct field *find(const char *name, size_t len)
{
	char full[128];

	for (size_t i = 0; i < field_count; i++) {
		const struct field *field = &fields[i];
		const char *group = field->group ? field->group : "";

		snprintf(full, sizeof(full), "%s%s%s", group, group[0] ? "." : "",
			 field->key);
		if (strlen(full) == len && strncmp(full, name, len) == 0)
			return field;
	}
	usage(name);
}

static void set(struct facts *facts, const struct field *field, const char *value)
{
	void *fact = (char *)facts + field->offset;

	if (value[0] == '?')
		field_excuse(field, facts, value + 1);
	else if (field_is_text(field))
		fact_text(fact, value);
	else if (field->type == FIELD_FLAG)
		fact_flag(fact, strcmp(value, "yes") == 0);
	else
		fact_number(fact, strtoull(value, NULL, 10));
}

static enum timeline_kind kind_of(const char *name, size_t len)
{
	for (int kind = 0; kind < TIMELINE_KINDS; kind++) {
		const char *each = timeline_kind_name((enum timeline_kind)kind);

		if (strlen(each) == len && strncmp(each, name, len) == 0)
			return (enum timeline_kind)kind;
	}
	usage(name);
}

static const char *after(const char *value, char mark)
{
	const char *at = strchr(value, mark);

	if (!at)
		usage(value);
	return at + 1;
}

static void add_event(struct timeline *timeline, const char *value)
{
	const char *usec = after(value, '@');

	timeline->unknown = NULL;
	timeline->events[timeline->count++] = (struct timeline_event){
		.kind = kind_of(value, (size_t)(usec - 1 - value)),
		.usec = strtoll(usec, NULL, 10),
	};
}

static void add_key(struct host_keys *keys, const char *value)
{
	const char *seconds = after(value, '@');
	struct host_key *key = &keys->list[keys->count++];

	keys->unknown = NULL;
	snprintf(key->path, sizeof(key->path), "%.*s", (int)(seconds - 1 - value), value);
	key->modified = strtoll(seconds, NULL, 10);
}

static void take(struct facts *facts, const char *fact)
{
	struct timeline *timeline = &facts->timeline;
	bool log = strncmp(fact, "log", 3) == 0;

	if (log)
		timeline->unknown = NULL;
	timeline->wrapped |= strcmp(fact, "log.wrapped") == 0;
	timeline->lost += strcmp(fact, "log.lost") == 0;
	timeline->proven &= strcmp(fact, "log.dmesg") != 0;
	if (strcmp(fact, "log.journal") == 0)
		timeline->not_kmsg = "it was the journal";
	if (strcmp(fact, "keys.more") == 0)
		facts->host_keys.more = true;
	else if (strcmp(fact, "keys") == 0)
		facts->host_keys.unknown = NULL;
	else if (strncmp(fact, "event=", 6) == 0)
		add_event(timeline, fact + 6);
	else if (strncmp(fact, "key=", 4) == 0)
		add_key(&facts->host_keys, fact + 4);
	else if (!log)
		set(facts, find(fact, strcspn(fact, "=")), after(fact, '='));
}

static void get(const struct facts *facts, const struct field *field, char *value,
		size_t size)
{
	const char *unknown = field_unknown(field, facts);

	if (unknown)
		snprintf(value, size, "?%s", unknown);
	else if (field_is_text(field))
		snprintf(value, size, "%s", field_text(field, facts));
	else if (field->type == FIELD_FLAG)
		snprintf(value, size, "%s", field_number(field, facts) ? "yes" : "no");
	else
		snprintf(value, size, "%" PRIu64, field_number(field, facts));
}

int main(int argc, char **argv)
{
	static struct facts facts;
	int i = 1, wrong = 0;

	facts_init(&facts);
	facts.timeline.proven = true;
	for (; i < argc && strcmp(argv[i], "--") != 0; i++)
		take(&facts, argv[i]);
	judge_facts(&facts);
	judge_facts(&facts); /* which changes nothing */
	if (i + 1 >= argc)
		usage("what is to be concluded");
	while (++i < argc) {
		char value[512];
		const char *wanted = after(argv[i], '=');

		get(&facts, find(argv[i], strcspn(argv[i], "=")), value, sizeof(value));
		if (strcmp(value, wanted) == 0)
			continue;
		printf("%s, but it is %s\n", argv[i], value);
		wrong = EXIT_FAILURE;
	}
	return wrong;
}
