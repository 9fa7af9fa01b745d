/* SPDX-License-Identifier: MIT */
/* The options of crng status, and how they go together. */
#include "cmd-status-options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "base/number.h"
#include "cli.h"
#include "cmd-status-explain.h"

enum { BOOTS_DEFAULT = 10 };

#define WATCH_DEFAULT_NS (2 * NS_PER_S)

const char *status_format_name(size_t i)
{
	return renderers[i].name;
}

const char *status_colour_name(size_t i)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
		NULL,
	};

	return names[i];
}

static const char *set_format(struct status_options *o, const char *value)
{
	static char why[CLI_NAMES_MAX];

	o->renderer = renderer_find(value);
	return o->renderer
		       ? NULL
		       : cli_choice(why, "not a format: use ", value, status_format_name);
}

static const char *set_colour(struct status_options *o, const char *value)
{
	static char why[CLI_NAMES_MAX];

	for (size_t i = 0; status_colour_name(i); i++) {
		if (strcmp(value, status_colour_name(i)) == 0) {
			o->colour = (enum status_colour)i;
			return NULL;
		}
	}
	return cli_choice(why, "not ", value, status_colour_name);
}

static const char *set_watch(struct status_options *o, const char *value)
{
	o->watch = true;
	o->interval = WATCH_DEFAULT_NS;

	const char *why = value ? cli_duration(value, &o->interval) : NULL;

	return !why && o->interval == 0 ? "must be more than 0" : why;
}

static const char *set_copy(char **copy, const char *value)
{
	free(*copy);
	*copy = strdup(value);
	return *copy ? NULL : strerror(ENOMEM);
}

static const char *no_such_advice(const char *id)
{
	static char why[160];
	char meant[CLI_MEANT_MAX];

	snprintf(why, sizeof(why),
		 "no such advice: 'crng status --explain list' lists all IDs%s",
		 cli_did_you_mean(meant, "", status_explain_nearest(id)));
	return why;
}

static const char *set_boots(struct status_options *o, const char *value)
{
	uint64_t number = BOOTS_DEFAULT;
	const char *why = value ? number_parse(value, &number) : NULL;

	if (!why && (number < 1 || number > HISTORY_MAX))
		why = "must be from 1 to 1000";
	o->boots = why ? 0 : (size_t)number;
	return why;
}

static const char *set_boot(struct status_options *o, const char *value)
{
	if (history_parse(value, &o->wanted) != 0)
		return "not a boot: give an offset, such as -1, or the ID of a boot";
	return set_copy(&o->boot, value);
}

const char *status_set(void *values, int option, const char *value)
{
	struct status_options *o = values;

	switch ((enum status_option)option) {
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_JSON:
		return set_format(o, "json");
	case OPT_COLOR:
		return set_colour(o, value);
	case OPT_VERBOSE:
		o->verbose = true;
		return NULL;
	case OPT_WATCH:
		return set_watch(o, value);
	case OPT_EXPLAIN:
		if (!status_explain_knows(value))
			return no_such_advice(value);
		return set_copy(&o->explain, value);
	case OPT_BOOTS:
		return set_boots(o, value);
	case OPT_BOOT:
		return set_boot(o, value);
	case OPT_SYSROOT:
		return set_copy(&o->sysroot, value);
	}
	return NULL;
}

static bool has_format(const struct status_options *o, const char *name)
{
	return o->renderer && strcmp(o->renderer->name, name) == 0;
}

/* How the options contradict --boots or --boot; NULL: they do not. */
static const char *past_contradiction(const struct status_options *o)
{
	if (o->boots && o->boot)
		return "--boots and --boot cannot be used together";
	if (o->watch)
		return "--watch cannot be used with --boots or --boot";
	if (o->explain)
		return "--explain cannot be used with --boots or --boot";
	if (o->boots && o->renderer && !o->renderer->boots)
		return "--boots supports only the formats human, json and shell";
	if (o->boot && has_format(o, "prometheus"))
		return "--boot cannot be used with --format prometheus";
	return NULL;
}

const char *status_contradiction(const struct status_options *o)
{
	if (o->boots || o->boot)
		return past_contradiction(o);
	if (o->watch && o->sysroot)
		return "--watch and --sysroot cannot be used together";
	if (o->watch && has_format(o, "svg"))
		return "--watch and --format svg cannot be used together";
	if (o->explain && (o->watch || o->renderer))
		return "--explain cannot be used with --watch, --json or --format";
	return NULL;
}
