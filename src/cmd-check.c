/* SPDX-License-Identifier: MIT */
/* crng check: one question to the kernel; the exit status is the answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "message.h"
#include "rng.h"

static int answer(int probe, int verbose)
{
	switch (probe) {
	case 0:
		if (verbose)
			puts("ready");
		return STATUS_OK;
	case -EAGAIN:
		if (verbose)
			puts("not ready");
		return STATUS_NOT_READY;
	default:
		if (verbose)
			printf("undetermined: getrandom: %s\n", strerror(-probe));
		else
			message("undetermined: getrandom: %s", strerror(-probe));
		return STATUS_FAILURE;
	}
}

static int run(int argc, char **argv)
{
	int verbose = 0;
	const struct poptOption options[] = {
		{ "verbose", 'v', POPT_ARG_NONE, &verbose, 0,
		  "print 'ready', 'not ready' or 'undetermined: why'", NULL },
		CLI_HELP
	};
	struct cli cli = { .command = &command_check, .options = options };
	int rc = cli_parse(&cli, argc, argv);

	if (rc == CLI_RUN)
		rc = answer(rng_probe(), verbose);
	cli_free(&cli);
	return rc;
}

const struct command command_check = {
	.name = "check",
	.title = "crng check",
	.summary = "exit 0 if the kernel RNG is ready, 1 if it is not",
	.synopsis = "[OPTION]...",
	.help = "Ask the kernel whether its random number generator is ready. Prints nothing;\n"
		"never waits, takes no random bytes, opens no file.\n"
		"\n"
		"Examples:\n"
		"  crng check && ssh-keygen -A     only when keys would be good\n"
		"  crng check -v                   in words\n"
		"\n"
		"Exit status: 0 ready, 1 not ready, 3 cannot be determined.",
	.run = run,
};
