/* SPDX-License-Identifier: MIT */
/* crng reseed: fresh input for the kernel RNG after a clone, with proof. */
#include <stdlib.h>
#include <string.h>

#include "become.h"
#include "cli.h"
#include "cmd-reseed-once.h"
#include "cmd-reseed-report.h"
#include "cmd-reseed-watch.h"
#include "command.h"

enum { OPT_INPUT = 256 };

static const char *set(void *values, int option, const char *value)
{
	struct reseed_options *o = values;

	(void)option;
	free(o->input);
	o->input = strdup(value);
	return o->input ? NULL : "out of memory";
}

/* "reseed FILE", "reseed -" and "reseed agent". */
static const char *meant(const char *word)
{
	if (word[0] == '\0')
		return NULL;
	return strchr(word, '/') || strcmp(word, "-") == 0 ? "--input" : "--";
}

static const char *conflict(const struct reseed_options *o)
{
	if (o->command && !o->command[0])
		return "a command is missing after --";
	if (o->quiet && o->verbose)
		return "--quiet cannot be used with --verbose";
	if (o->dry_run && !o->watch)
		return "--dry-run needs --watch";
	if (o->watch && o->json)
		return "--watch cannot be used with --json";
	if (o->watch && o->input && strcmp(o->input, "-") == 0)
		return "--watch needs an input that can be read again: a FILE";
	return NULL;
}

static int reseed_as_asked(const struct reseed_options *o)
{
	struct reseed reseed = {
		.no_hwrng = o->no_hwrng,
		.any = o->any,
		.becomes = o->command && !o->watch,
	};
	int rc = reseed_open(&reseed), status;

	if (rc != 0)
		status = reseed_report_failure(&reseed, rc);
	else if (o->watch)
		status = reseed_watch(o, &reseed);
	else
		status = reseed_once(o, &reseed);
	reseed_close(&reseed);
	return status;
}

static int run_parsed(const struct cli *cli, const struct reseed_options *o)
{
	const char *wrong = conflict(o);

	if (wrong)
		return cli_usage_error(cli, "%s", wrong);

	int status = o->dry_run ? reseed_watch_dry(o) : reseed_as_asked(o);

	if (status == STATUS_OK && o->command && !o->dry_run)
		return become(o->command);
	return status == STATUS_FAILURE && o->command ? STATUS_OWN_FAILURE : status;
}

static int run(int argc, char **argv)
{
	struct reseed_options o = { .input = NULL };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "input", 0, POPT_ARG_STRING, NULL, OPT_INPUT,
		  "mix in FILE, or standard input for '-': 16 bytes to 64 KiB of random "
		  "bytes from outside this machine", "FILE" },
		{ "no-hwrng", 0, POPT_ARG_NONE, &o.no_hwrng, 0,
		  "do not read /dev/hwrng", NULL },
		{ "any", 0, POPT_ARG_NONE, &o.any, 0,
		  "reseed even if nothing fresh goes in", NULL },
		{ "watch", 0, POPT_ARG_NONE, &o.watch, 0,
		  "stay, and reseed each time VMClock signals a clone", NULL },
		{ "dry-run", 'n', POPT_ARG_NONE, &o.dry_run, 0,
		  "with --watch: only tell whether VMClock signals clones", NULL },
		{ "json", 0, POPT_ARG_NONE, &o.json, 0,
		  "print the proof and the sources as JSON", NULL },
		{ "quiet", 'q', POPT_ARG_NONE, &o.quiet, 0,
		  "no warnings; errors are still reported", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, &o.verbose, 0,
		  "print the proof and the sources", NULL },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_reseed,
		.options = options,
		.set = set,
		.meant = meant,
		.values = &o,
	};

	o.command = become_cut(&argc, argv);
	cli.usage_status = o.command ? STATUS_OWN_FAILURE : STATUS_USAGE;

	int rc = cli_parse(&cli, argc, argv);

	if (rc == CLI_RUN)
		rc = run_parsed(&cli, &o);
	cli_free(&cli);
	free(o.input);
	return rc;
}

const struct command command_reseed = {
	.name = "reseed",
	.title = "crng reseed",
	.summary = "give the kernel RNG fresh input after a clone, and prove it",
	.synopsis = "[OPTION]... [-- CMD [ARG]...]",
	.help = "Virtual machines that are restored from one snapshot can get the same bytes\n"
		"from their kernels' random number generators (RNGs) until these are reseeded.\n"
		"Mix fresh input into the RNG, make the kernel reseed, and prove that it did,\n"
		"or warn if that cannot be proved. Then become CMD, if given.\n"
		"\n"
		"Fresh input is input that no other clone has: FILE, the output of /dev/hwrng\n"
		"after its first 512 bytes, and that of the CPU's RNG instruction. If there is\n"
		"none, crng reseed fails. --watch needs Linux 7.0 and VMClock, a device by which\n"
		"the hypervisor signals a clone; it runs CMD after each reseed, as a child.\n"
		"You must be root (CAP_SYS_ADMIN) on the machine itself.\n"
		"\n"
		"Examples:\n"
		"  crng reseed -v                        print the proof and the sources\n"
		"  crng reseed --input=- <random-bytes   take input from outside\n"
		"  crng reseed -- my-agent               start an agent after the reseed\n"
		"\n"
		"Exit status: 0 reseeded, 1 not ready, 2 wrong usage, 3 failed, no privilege, or\n"
		"cannot be determined. With CMD: its own status, 1 not ready, 125 crng failed,\n"
		"126 CMD cannot be executed, 127 CMD not found.",
	.run = run,
};
