/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_STATUS_OPTIONS_H
#define CRNG_CMD_STATUS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status/history/history.h"
#include "status/render/render.h"

enum status_option {
	OPT_FORMAT = 256,
	OPT_JSON,
	OPT_SYSROOT,
	OPT_COLOR,
	OPT_EXPLAIN,
	OPT_BOOTS,
	OPT_BOOT,
	OPT_VERBOSE = 'v',
	OPT_WATCH = 'w'
};
enum status_colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct status_options {
	const struct renderer *renderer; /* NULL: none was chosen */
	char *sysroot;
	enum status_colour colour;
	bool verbose;
	char *explain; /* an id, or "list" */
	bool watch;
	int64_t interval;
	size_t boots; /* how many to list; 0: none */
	char *boot;   /* as it was given */
	struct history_wanted wanted;
};

/* The names of formats and colours, for cli_names(); NULL past the last one. */
const char *status_format_name(size_t i);
const char *status_colour_name(size_t i);

/* Takes an option, as cli.h says; values are struct status_options. */
const char *status_set(void *values, int option, const char *value);

/* How the options contradict each other, a static string; NULL: they do not. */
const char *status_contradiction(const struct status_options *o);

#endif
