/* SPDX-License-Identifier: MIT */
/* What the options of crng bytes mean, and which do not go together. */
#include "cmd-bytes-options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "bytes/pump.h"
#include "cli.h"

static const char *set_format(struct bytes_options *o, const char *name)
{
	o->formatted = 1;
	o->encoding = encoding_find(name);
	return o->encoding || strcmp(name, "raw") == 0
		       ? NULL
		       : "not a format: raw, hex, base64, base64url or base32";
}

static const char *set_chars(struct bytes_options *o, const char *set)
{
	o->drawn = 1;
	return chars_parse(&o->chars, set);
}

static const char *set_jobs(struct bytes_options *o, const char *number)
{
	const char *why = cli_size(number, &o->jobs);

	return !why && o->jobs > 0 && o->jobs <= PUMP_JOBS_MAX
		       ? NULL
		       : "not a number from 1 to 256";
}

/* "-" is standard output, as for curl(1); ./- is a file. */
static const char *set_output(struct bytes_options *o, const char *path)
{
	free(o->output);
	o->output = NULL;
	if (path[0] == '\0')
		return "not a file name";
	if (strcmp(path, "-") == 0)
		return NULL;
	o->output = strdup(path);
	return o->output ? NULL : strerror(ENOMEM);
}

const char *bytes_options_set(void *values, int option, const char *value)
{
	struct bytes_options *o = values;

	switch ((enum bytes_option)option) {
	case OPT_TIMEOUT:
		o->timed = 1;
		return cli_duration(value, &o->timeout);
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_HEX:
		return set_format(o, "hex");
	case OPT_BASE64:
		return set_format(o, "base64");
	case OPT_CHARS:
		return set_chars(o, value);
	case OPT_WRAP:
		o->wrapped = 1;
		return cli_size(value, &o->wrap);
	case OPT_REPEAT:
		o->repeated = 1;
		return cli_size(value, &o->repeat);
	case OPT_JOBS:
		return set_jobs(o, value);
	case OPT_OUTPUT:
		return set_output(o, value);
	}
	return NULL;
}

const char *bytes_options_contradiction(const struct bytes_options *o)
{
	bool text = o->encoding || o->drawn;
	const struct {
		bool holds;
		const char *what;
	} rules[] = {
		{ o->timed + o->nonblock + o->insecure > 1,
		  "--timeout, --nonblock and --insecure exclude each other" },
		{ o->random && o->insecure,
		  "--random and --insecure exclude each other" },
		{ o->fast && o->insecure, "--fast and --insecure exclude each other" },
		{ o->drawn && o->formatted,
		  "--chars and a format (--hex, --base64, --format) exclude each other" },
		{ o->wrapped && !text,
		  "--wrap needs a text format (--hex, --base64, --format, --chars)" },
		{ o->repeated && !text,
		  "--repeat needs a text format (--hex, --base64, --format, --chars)" },
		{ o->repeated && o->count == SIZE_INFINITY,
		  "--repeat needs a COUNT that ends" },
		{ o->output && o->count == SIZE_INFINITY,
		  "--output needs a COUNT that ends" },
		{ o->output && o->repeat == SIZE_INFINITY,
		  "--output needs a --repeat that ends" },
		{ !o->output && !text && !o->force && isatty(STDOUT_FILENO),
		  "raw bytes are not written to a terminal; "
		  "use --hex, --output or --force" },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].holds)
			return rules[i].what;
	}
	return NULL;
}
