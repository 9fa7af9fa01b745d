/* SPDX-License-Identifier: MIT */
/* crng bytes: exactly so many random bytes, to standard output or into a private file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "command.h"
#include "deadline.h"
#include "emit.h"
#include "parse.h"

enum { OPT_TIMEOUT = 256, OPT_FORMAT, OPT_HEX, OPT_BASE64, OPT_WRAP, OPT_OUTPUT };

struct options {
	uint64_t count, wrap;
	int64_t timeout;
	int timed, nonblock, insecure, random, no_newline, force;
	const struct encoding *encoding;
	int text; /* --wrap was given */
	char *output;
};

static const char *set_format(struct options *o, const char *name)
{
	o->encoding = encoding_find(name);
	return o->encoding || strcmp(name, "raw") == 0
		       ? NULL
		       : "not a format: raw, hex, base64, base64url or base32";
}

static const char *set(void *values, int option, const char *value)
{
	struct options *o = values;

	switch (option) {
	case OPT_TIMEOUT:
		o->timed = 1;
		return cli_duration(value, &o->timeout);
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_HEX:
		return set_format(o, "hex");
	case OPT_BASE64:
		return set_format(o, "base64");
	case OPT_WRAP:
		o->text = 1;
		return cli_size(value, &o->wrap);
	default:
		free(o->output);
		o->output = strdup(value);
		return o->output ? NULL : strerror(ENOMEM);
	}
}

/* What the options contradict each other in; NULL: nothing. */
static const char *contradiction(const struct options *o)
{
	if (o->timed + o->nonblock + o->insecure > 1)
		return "--timeout, --nonblock and --insecure exclude each other";
	if (o->random && o->insecure)
		return "--random and --insecure exclude each other";
	if (o->text && !o->encoding)
		return "--wrap needs a text format (--hex, --base64, --format)";
	if (o->output && o->count == SIZE_INFINITY)
		return "--output needs a COUNT that ends";
	if (!o->output && !o->encoding && !o->force && isatty(STDOUT_FILENO))
		return "raw bytes are not written to a terminal; use --hex, --output or --force";
	return NULL;
}

static int write_count(const struct cli *cli, struct options *o)
{
	const char *why = cli_size(cli->operands[0], &o->count);

	if (why)
		return cli_usage_error(cli, "COUNT '%s': %s", cli->operands[0], why);
	why = contradiction(o);
	if (why)
		return cli_usage_error(cli, "%s", why);

	struct source source = {
		.kind = o->insecure ? RNG_INSECURE
			: o->random ? RNG_RANDOM
				    : RNG_DEFAULT,
		.nonblock = o->nonblock,
		.deadline = o->timed ? deadline_after(o->timeout) : DEADLINE_NEVER,
		.fd = -1,
	};
	struct emission emission = {
		.count = o->count,
		.encoding = o->encoding,
		.columns = o->wrap,
		.newline = o->encoding && !o->no_newline,
		.output = o->output,
	};

	return emit(&emission, &source);
}

static int run(int argc, char **argv)
{
	struct options o = { 0 };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "timeout", 't', POPT_ARG_STRING, NULL, OPT_TIMEOUT,
		  "wait at most DUR for the RNG (exit 124)", "DUR" },
		{ "nonblock", 0, POPT_ARG_NONE, &o.nonblock, 0,
		  "do not wait: exit 1 if the RNG is not ready", NULL },
		{ "insecure", 0, POPT_ARG_NONE, &o.insecure, 0,
		  "never wait, ready or not; not for secrets", NULL },
		{ "random", 0, POPT_ARG_NONE, &o.random, 0,
		  "ask with GRND_RANDOM", NULL },
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  "raw (default), hex, base64, base64url or base32", "NAME" },
		{ "hex", 'x', POPT_ARG_NONE, NULL, OPT_HEX, "--format hex", NULL },
		{ "base64", 'b', POPT_ARG_NONE, NULL, OPT_BASE64, "--format base64",
		  NULL },
		{ "no-newline", 'n', POPT_ARG_NONE, &o.no_newline, 0,
		  "no newline behind the text", NULL },
		{ "wrap", 0, POPT_ARG_STRING, NULL, OPT_WRAP,
		  "break the text into lines of COLS characters", "COLS" },
		{ "output", 'o', POPT_ARG_STRING, NULL, OPT_OUTPUT,
		  "write FILE at once and whole, mode 0600", "FILE" },
		{ "force", 0, POPT_ARG_NONE, &o.force, 0,
		  "write raw bytes even to a terminal", NULL },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_bytes,
		.options = options,
		.set = set,
		.values = &o,
	};
	int rc = cli_parse(&cli, argc, argv);

	if (rc == CLI_RUN)
		rc = write_count(&cli, &o);
	cli_free(&cli);
	free(o.output);
	return rc;
}

const struct command command_bytes = {
	.name = "bytes",
	.title = "crng bytes",
	.summary = "write random bytes: exact, private, as bytes or as text",
	.synopsis = "[OPTION]... COUNT",
	.help = "Write exactly COUNT random bytes from the kernel, as soon as its RNG is ready.\n"
		"COUNT is a number with an optional suffix (K MiB GB ...), or 'infinity'.\n"
		"\n"
		"Examples:\n"
		"  crng bytes --hex 32                  a 256-bit key as text\n"
		"  crng bytes -o /etc/app.key 32        a private file, whole or not at all\n"
		"  crng bytes --format base64url -n 24  a token without a newline\n"
		"  crng bytes --nonblock 16 | consumer  fails instead of waiting\n"
		"  crng bytes infinity | head -c 1G     a stream",
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
