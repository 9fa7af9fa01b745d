/* SPDX-License-Identifier: MIT */
/* What the options of crng bytes mean, and which of them cannot be used together. */
#include "cmd-bytes-options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/number.h"
#include "base/text.h"
#include "bytes/charset.h"
#include "bytes/pump.h"
#include "cli.h"

#define RAW "raw" /* the format that is no text */

struct bytes_options bytes_options_default(void)
{
	return (struct bytes_options){
		.mode = 0600,
		.job = { .stream = { .wait.deadline = DEADLINE_NEVER, .fd = -1 },
			 .repeat = 1,
			 .newline = true },
	};
}

static const char *set_timeout(struct bytes_options *o, const char *duration)
{
	int64_t ns = 0;
	const char *why = cli_duration(duration, &ns);

	o->timed = true;
	if (!why)
		o->job.stream.wait.deadline = deadline_after(ns);
	return why;
}

const char *bytes_options_format(size_t i)
{
	return i == 0 ? RAW : encodings[i - 1].name;
}

const char *bytes_options_meant(const char *word)
{
	for (size_t i = 0; charset_class(i); i++)
		if (strcmp(word, charset_class(i)) == 0)
			return "--chars";
	return encoding_find(word) || strcmp(word, RAW) == 0 ? "--format" : NULL;
}

static const char *set_format(struct bytes_options *o, const char *name)
{
	static char why[CLI_NAMES_MAX];

	o->formatted = true;
	o->job.encoding = encoding_find(name);
	return o->job.encoding || strcmp(name, RAW) == 0
		       ? NULL
		       : cli_choice(why, "not a format: use ", name,
				    bytes_options_format);
}

/* The word, len bytes, is no class; which one was meant? whole: it is not only a part. */
static const char *no_class(const char *word, size_t len, bool whole)
{
	static char why[2 * CLI_NAMES_MAX];
	char copy[32], names[CLI_NAMES_MAX], part[48] = "";
	struct text_nearest nearest = { .word = copy };

	if (len == 0)
		return "a class is missing beside '+'";
	snprintf(copy, sizeof(copy), "%.*s", (int)len, word);
	for (size_t i = 0; charset_class(i); i++)
		text_nearest_offer(&nearest, charset_class(i));
	if (!whole)
		snprintf(part, sizeof(part), " '%s'", copy);
	if (nearest.name)
		snprintf(why, sizeof(why),
			 "no such class%s; did you mean '%s'? Write literal "
			 "characters as in set:ACGT",
			 part, nearest.name);
	else
		snprintf(why, sizeof(why),
			 "no such class%s: use %s, or write literal characters as in "
			 "set:ACGT",
			 part, cli_names(names, "", "", charset_class));
	return why;
}

static const char *set_chars(struct job *job, const char *text)
{
	static char why[CHARSET_WHY_MAX];
	struct charset set;
	const char *word;
	size_t len;
	int rc = charset_parse(&set, text, &word, &len, why);

	if (rc != 0)
		return rc == -ENOENT ? no_class(word, len, text[len] == '\0') : why;
	job->drawn = true;
	job->encoding = &encoding_chars;
	chars_init(&job->chars, set.of, set.size);
	return NULL;
}

static const char *set_jobs(struct job *job, const char *number)
{
	uint64_t jobs;

	if (cli_size(number, &jobs) || jobs == 0 || jobs > PUMP_JOBS_MAX)
		return "not a number from 1 to 256";
	job->jobs = (unsigned int)jobs;
	return NULL;
}

/* "-" is standard output, as for curl(1); ./- is a file. */
static const char *set_output(struct bytes_options *o, const char *path)
{
	free(o->output);
	o->output = NULL;
	if (path[0] == '\0')
		return "the file name is empty";
	if (strcmp(path, "-") == 0)
		return NULL;
	o->output = strdup(path);
	return o->output ? NULL : strerror(ENOMEM);
}

/* Only what install(1) and chmod(1) take as a number, and no set-user-ID bit. */
static const char *set_mode(struct bytes_options *o, const char *mode)
{
	const char *end = mode + strlen(mode);
	uint64_t value;
	bool fits = number_scan(&mode, end, 8, &value);

	o->moded = true;
	o->mode = (unsigned int)value;
	return fits && mode == end && value <= 0777
		       ? NULL
		       : "not an octal mode of at most 0777, such as 0640";
}

const char *bytes_options_set(void *values, int option, const char *value)
{
	struct bytes_options *o = values;
	struct job *job = &o->job;

	switch ((enum bytes_option)option) {
	case OPT_TIMEOUT:
		return set_timeout(o, value);
	case OPT_NONBLOCK:
		job->stream.nonblock = true;
		break;
	case OPT_INSECURE:
		o->insecure = true;
		job->stream.kind = RNG_INSECURE;
		break;
	case OPT_RANDOM:
		o->random = true;
		job->stream.kind = RNG_RANDOM;
		break;
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_HEX:
		return set_format(o, "hex");
	case OPT_BASE64:
		return set_format(o, "base64");
	case OPT_CHARS:
		return set_chars(job, value);
	case OPT_REPEAT:
		o->repeated = true;
		return cli_size(value, &job->repeat);
	case OPT_NO_NEWLINE:
		job->newline = false;
		break;
	case OPT_WRAP:
		o->wrapped = true;
		return cli_size(value, &job->columns);
	case OPT_OUTPUT:
		return set_output(o, value);
	case OPT_MODE:
		return set_mode(o, value);
	case OPT_JOBS:
		return set_jobs(job, value);
	case OPT_FAST:
		job->fast = true;
		break;
	case OPT_PROGRESS:
		o->progress = true;
		break;
	case OPT_FORCE:
		o->force = true;
		break;
	case OPT_QUIET:
		o->quiet = true;
		break;
	case OPT_VERBOSE:
		o->verbose = true;
		break;
	}
	return NULL;
}

const char *bytes_options_contradiction(const struct bytes_options *o)
{
	const struct job *job = &o->job;
	bool text = job->encoding;
	const struct {
		bool holds;
		const char *what;
	} rules[] = {
		{ o->timed + job->stream.nonblock + o->insecure > 1,
		  "--timeout, --nonblock and --insecure cannot be used together" },
		{ o->random && o->insecure,
		  "--random and --insecure cannot be used together" },
		{ job->fast && o->insecure,
		  "--fast and --insecure cannot be used together" },
		{ job->drawn && o->formatted,
		  "--chars cannot be used with --hex, --base64 or --format" },
		{ o->wrapped && !text,
		  "--wrap needs a text format (--hex, --base64, --format, --chars)" },
		{ o->repeated && !text,
		  "--repeat needs a text format (--hex, --base64, --format, --chars)" },
		{ o->repeated && job->count == SIZE_INFINITY,
		  "--repeat needs a finite COUNT" },
		{ o->output && job->count == SIZE_INFINITY,
		  "--output needs a finite COUNT" },
		{ o->output && job->repeat == SIZE_INFINITY,
		  "--output needs a finite --repeat" },
		{ o->quiet && o->progress,
		  "--quiet and --progress cannot be used together" },
		{ o->moded && !o->output, "--mode needs --output" },
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
