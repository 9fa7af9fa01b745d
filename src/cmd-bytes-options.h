/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_OPTIONS_H
#define CRNG_CMD_BYTES_OPTIONS_H

#include "bytes/job.h"

/* The options of crng bytes, as popt tells them apart. */
enum bytes_option {
	OPT_TIMEOUT = 256,
	OPT_NONBLOCK,
	OPT_INSECURE,
	OPT_RANDOM,
	OPT_FORMAT,
	OPT_HEX,
	OPT_BASE64,
	OPT_CHARS,
	OPT_REPEAT,
	OPT_NO_NEWLINE,
	OPT_WRAP,
	OPT_OUTPUT,
	OPT_MODE,
	OPT_JOBS,
	OPT_FAST,
	OPT_PROGRESS,
	OPT_FORCE,
	OPT_QUIET,
	OPT_VERBOSE,
};

/* What crng bytes was asked to make, and where to write it. */
struct bytes_options {
	struct job job;
	char *output;	   /* a file; NULL: standard output */
	unsigned int mode; /* of that file */
	bool progress, force, quiet, verbose;
	bool timed, insecure, random, formatted, repeated, wrapped; /* was it given? */
	bool moded;
};

/* What holds where no option says otherwise. */
struct bytes_options bytes_options_default(void);

/* The names of --format, the default first; NULL past the last one. */
const char *bytes_options_format(size_t i);

/* The option that a word in the place of COUNT was meant for (struct cli), or NULL. */
const char *bytes_options_meant(const char *word);

/* Takes an option and its value (struct cli, set); values is a struct bytes_options. */
const char *bytes_options_set(void *values, int option, const char *value);

/* How the options contradict each other, as one line; NULL: they do not. */
const char *bytes_options_contradiction(const struct bytes_options *o);

#endif
