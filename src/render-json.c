/* SPDX-License-Identifier: MIT */
/* Status for programs: null for what is unknown, with its reason under "reasons". */
#include <jansson.h>

#include "fields.h"
#include "render.h"

enum { SCHEMA_VERSION = 1 };

static json_t *value_of(const struct field *field, const struct fact *fact)
{
	if (fact->unknown)
		return json_null();
	switch (field->type) {
	case FIELD_FLAG:
		return json_boolean(fact->number);
	case FIELD_NUMBER:
		return json_integer((json_int_t)fact->number);
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

void render_json(const struct facts *facts, FILE *out)
{
	json_t *root = json_object(), *reasons = json_object();

	json_object_set_new(root, "schema_version", json_integer(SCHEMA_VERSION));
	for (size_t i = 0; i < field_count; i++) {
		const struct field *field = &fields[i];
		const struct fact *fact = field_fact(field, facts);

		json_object_set_new(group_of(root, field->group), field->key,
				    value_of(field, fact));
		if (fact->unknown)
			json_object_set_new(group_of(reasons, field->group), field->key,
					    json_string(fact->unknown));
	}
	json_object_set_new(root, "reasons", reasons);
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
