/* SPDX-License-Identifier: MIT */
/* Status for programs: null for an unknown value, with its reason under "reasons". */
#include <string.h>

#include "status/fields.h"
#include "status/render/json.h"

enum { SCHEMA_VERSION = 1, REAL_DIGITS = 15 };

static json_t *words_of(const char *text)
{
	json_t *words = json_array();

	if (strcmp(text, "none") == 0)
		return words;
	for (size_t len; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		json_array_append_new(words, json_stringn(text, len));
	}
	return words;
}

static json_t *value_of(const struct field *field, const struct facts *facts)
{
	if (field_unknown(field, facts))
		return json_null();
	switch (field->type) {
	case FIELD_WORDS:
		return words_of(field_text(field, facts));
	case FIELD_FLAG:
		return json_boolean(field_number(field, facts));
	case FIELD_NUMBER:
	case FIELD_BITS:
		return json_integer((json_int_t)field_number(field, facts));
	case FIELD_MILLI:
		return json_real((double)field_number(field, facts) / 1000);
	default:
		return json_string(field_text(field, facts));
	}
}

/* The object of the group, created with its first member. */
static json_t *group_of(json_t *root, const char *group)
{
	json_t *object = group[0] ? json_object_get(root, group) : root;

	if (!object) {
		json_object_set_new(root, group, json_object());
		object = json_object_get(root, group);
	}
	return object;
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
		const char *unknown = field_unknown(field, facts);

		if (!field->group)
			continue;
		json_object_set_new(group_of(root, field->group), field->key,
				    value_of(field, facts));
		if (unknown)
			json_object_set_new(group_of(reasons, field->group), field->key,
					    json_string(unknown));
	}
}

json_t *render_json_begin(void)
{
	/*
	 * By default jansson reads /dev/urandom, which an unready kernel logs. All keys
	 * are our own, so nobody can make them collide.
	 */
	json_object_seed(1);

	json_t *root = json_object();

	json_object_set_new(root, "schema_version", json_integer(SCHEMA_VERSION));
	json_object_set_new(root, "crng_version", json_string(PACKAGE_VERSION));
	return root;
}

void render_json_end(json_t *root, FILE *out)
{
	json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
	fputc('\n', out);
	json_decref(root);
}

void render_json(const struct facts *facts, const struct render_style *style, FILE *out)
{
	json_t *root = render_json_begin(), *reasons = json_object();

	(void)style;
	set_scalars(root, reasons, facts);
	set_list(root, reasons, "seed_files", facts->seeds.unknown,
		 render_json_seeds(&facts->seeds));
	set_list(root, reasons, "timeline", facts->timeline.unknown,
		 render_json_timeline(facts));
	set_list(root, reasons, "waiters", facts->waiters.unknown,
		 render_json_waiters(&facts->waiters));
	json_object_set_new(root, "advice", render_json_advice(facts));
	json_object_set_new(root, "reasons", reasons);
	render_json_end(root, out);
}
