/* SPDX-License-Identifier: MIT */
/* crng check: one question to the kernel; the exit status is the answer. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/message.h"
#include "cli.h"
#include "command.h"
#include "rng/rng.h"

enum { OPT_FORMAT = 256 };

/* Nagios' plugin API: what exit statuses mean to a monitoring system. */
enum { NAGIOS_OK = 0, NAGIOS_CRITICAL = 2, NAGIOS_UNKNOWN = 3 };

struct options {
	int quiet, verbose; /* popt writes an int */
	bool nagios;
};

static const char *set(void *values, int option, const char *value)
{
	struct options *o = values;

	(void)option;
	o->nagios = strcmp(value, "nagios") == 0;
	return o->nagios ? NULL : "not a format: use nagios";
}

static int answer(int probe, int verbose)
{
	switch (probe) {
	case 0:
		if (verbose)
			fputs("ready\n", io_out());
		return STATUS_OK;
	case -EAGAIN:
		if (verbose)
			fputs("not ready\n", io_out());
		return STATUS_NOT_READY;
	default:
		if (verbose)
			fprintf(io_out(), "undetermined: getrandom: %s\n",
				strerror(-probe));
		else
			message("undetermined: getrandom: %s", strerror(-probe));
		return STATUS_FAILURE;
	}
}

/* Text and performance data: critical below 1, between 0 and 1; U is "unknown". */
static int answer_nagios(int probe)
{
	switch (probe) {
	case 0:
		fputs("CRNG OK - the kernel RNG is ready | ready=1;;1:;0;1\n", io_out());
		return NAGIOS_OK;
	case -EAGAIN:
		fputs("CRNG CRITICAL - the kernel RNG is not ready | ready=0;;1:;0;1\n",
		      io_out());
		return NAGIOS_CRITICAL;
	default:
		fprintf(io_out(), "CRNG UNKNOWN - getrandom: %s | ready=U;;1:;0;1\n",
			strerror(-probe));
		return NAGIOS_UNKNOWN;
	}
}

/* Wrong usage is UNKNOWN to Nagios, even where it is found before --format. */
static bool asks_for_nagios(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--format=nagios") == 0 ||
		    (strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
		     strcmp(argv[i + 1], "nagios") == 0))
			return true;
	return false;
}

static int run(int argc, char **argv)
{
	struct options o = { .quiet = 0 };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "verbose", 'v', POPT_ARG_NONE, &o.verbose, 0,
		  "print 'ready', 'not ready' or 'undetermined: REASON'", NULL },
		{ "quiet", 'q', POPT_ARG_NONE, &o.quiet, 0,
		  "print no answer (the default); errors are still reported", NULL },
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  "nagios: print one line and exit as a monitoring plugin does", "NAME" },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_check,
		.options = options,
		.set = set,
		.values = &o,
	};

	if (asks_for_nagios(argc, argv))
		cli.usage_status = NAGIOS_UNKNOWN;

	int rc = cli_parse(&cli, argc, argv);

	if (rc == CLI_RUN && o.quiet && (o.verbose || o.nagios))
		rc = cli_usage_error(&cli,
				     "--quiet cannot be used with --verbose or --format");
	if (rc == CLI_RUN && o.nagios)
		rc = answer_nagios(rng_probe());
	else if (rc == CLI_RUN)
		rc = answer(rng_probe(), o.verbose);
	cli_free(&cli);
	return rc;
}

const struct command command_check = {
	.name = "check",
	.title = "crng check",
	.summary = "exit 0 if the kernel RNG is ready, 1 if it is not",
	.synopsis = "[OPTION]...",
	.help = "Ask the kernel whether its random number generator (RNG) is ready. The answer is\n"
		"the exit status: crng check prints nothing, except the reason when readiness\n"
		"cannot be determined. It never waits, takes no random bytes and opens no file.\n"
		"\n"
		"Examples:\n"
		"  crng check && ssh-keygen -A     make keys only if the RNG is ready\n"
		"  crng check -v                   print the answer in words\n"
		"  crng check --format nagios      answer as a monitoring plugin\n"
		"\n"
		"Exit status: 0 ready, 1 not ready, 2 wrong usage, 3 cannot be determined. With\n"
		"--format nagios: 0 ready, 2 not ready, 3 cannot be determined or wrong usage.",
	.run = run,
};
