/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_OPTIONS_H
#define CRNG_CMD_BYTES_OPTIONS_H

#include "bytes/chars.h"
#include "bytes/encode.h"

/* The options of crng bytes that take a value. */
enum bytes_option {
	OPT_TIMEOUT = 256,
	OPT_FORMAT,
	OPT_HEX,
	OPT_BASE64,
	OPT_CHARS,
	OPT_WRAP,
	OPT_REPEAT,
	OPT_JOBS,
	OPT_OUTPUT,
};

struct bytes_options {
	uint64_t count, wrap, repeat, jobs;
	int64_t timeout;
	int nonblock, insecure, random, no_newline, force, fast, progress;
	int timed, formatted, drawn, wrapped, repeated; /* was it given? */
	const struct encoding *encoding;		/* NULL: raw */
	struct chars chars;				/* where drawn */
	char *output;
};

/* Takes the value of an option (struct cli, set); values is a struct bytes_options. */
const char *bytes_options_set(void *values, int option, const char *value);

/* What the options contradict each other in, as one line; NULL: nothing. */
const char *bytes_options_contradiction(const struct bytes_options *o);

#endif
