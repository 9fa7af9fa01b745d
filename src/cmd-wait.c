/* SPDX-License-Identifier: MIT */
/* crng wait: return, or become a command, when the RNG is ready. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "base/message.h"
#include "become.h"
#include "cli.h"
#include "command.h"
#include "expiry.h"
#include "notice.h"
#include "rng/wait.h"

enum { OPT_TIMEOUT = 256 };

struct options {
	int64_t timeout;
	int passive, quiet, verbose;
	char **command; /* NULL: none */
};

static const char *set(void *values, int option, const char *value)
{
	struct options *o = values;

	(void)option;
	return cli_duration(value, &o->timeout);
}

/* "wait 30" and "wait nginx" are what timeout(1), nice(1) and others would take. */
static const char *meant(const char *word)
{
	int64_t ns;

	if (word[0] == '\0')
		return NULL;
	return cli_duration(word, &ns) ? "--" : "-t";
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)NS_PER_S;
}

static int wait_as_asked(const struct options *o)
{
	int64_t start = deadline_now();
	struct wait_request request = {
		.deadline = deadline_after(o->timeout),
		.passive = o->passive,
		.becomes = o->command != NULL,
	};
	struct notice notice;

	if (!o->quiet)
		notice_begin(&notice, &request);

	int rc = wait_ready(&request);

	notice_end();
	if (rc == 0 && o->verbose)
		message("ready after %.3f s", seconds(deadline_now() - start));
	if (rc == -ETIMEDOUT && !o->quiet)
		expiry_report(&request);
	return rc;
}

static int report(const struct options *o)
{
	int rc = wait_as_asked(o);

	if (rc == 0)
		return STATUS_OK;
	if (rc == -ETIMEDOUT)
		return STATUS_EXPIRED;
	message("undetermined: getrandom: %s", strerror(-rc));
	return o->command ? STATUS_OWN_FAILURE : STATUS_FAILURE;
}

static int run(int argc, char **argv)
{
	struct options o = { .timeout = DEADLINE_NEVER };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "timeout", 't', POPT_ARG_STRING, NULL, OPT_TIMEOUT,
		  "wait at most DUR, then exit 124 (default infinity; 0 asks once)", "DUR" },
		{ "passive", 0, POPT_ARG_NONE, &o.passive, 0,
		  "only watch: do not make the kernel gather entropy", NULL },
		{ "quiet", 'q', POPT_ARG_NONE, &o.quiet, 0,
		  "say nothing while waiting, nor why it timed out", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, &o.verbose, 0,
		  "say how long it took", NULL },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_wait,
		.options = options,
		.set = set,
		.meant = meant,
		.values = &o,
	};

	o.command = become_cut(&argc, argv);
	cli.usage_status = o.command ? STATUS_OWN_FAILURE : STATUS_USAGE;

	int rc = cli_parse(&cli, argc, argv);

	if (rc == CLI_RUN && o.command && !o.command[0])
		rc = cli_usage_error(&cli, "a command is missing after --");
	else if (rc == CLI_RUN)
		rc = report(&o);
	else if (rc == STATUS_OK)
		o.command = NULL; /* help was asked for */
	cli_free(&cli);
	return rc == STATUS_OK && o.command ? become(o.command) : rc;
}

const struct command command_wait = {
	.name = "wait",
	.title = "crng wait",
	.summary = "wait until the kernel RNG is ready, then run a command if given",
	.synopsis = "[OPTION]... [-- CMD [ARG]...]",
	.help = "Wait until the kernel's random number generator (RNG) is ready, and make the\n"
		"kernel gather entropy in the meantime. Then become CMD, if given, which keeps\n"
		"the process ID and the file descriptors.\n"
		"\n"
		"During a long wait, crng says on standard error what is missing: on a terminal\n"
		"in a status line, elsewhere after 10 s, 30 s, 1, 2, 5 and 10 minutes, and then\n"
		"every 10 minutes.\n"
		"\n"
		"DUR is a number of seconds, or has units as in 500ms, 5min or 1h30m, or is\n"
		"'infinity'.\n"
		"\n"
		"Examples:\n"
		"  crng wait -t 30 -- nginx         start a server once the RNG is ready\n"
		"  crng wait -t 10 || exit 1        end a script if the RNG is not ready\n"
		"  crng wait --passive -t 5m        only watch, for at most 5 minutes\n"
		"\n"
		"Exit status: 0 ready, 2 wrong usage, 3 cannot be determined, 124 timed out. With\n"
		"CMD: its own status, 124 timed out, 125 crng failed, 126 CMD cannot be executed,\n"
		"127 CMD not found.",
	.run = run,
};
