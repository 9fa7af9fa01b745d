/* SPDX-License-Identifier: MIT */
/* crng bytes: exactly COUNT random bytes, to standard output or to a private file. */
#include <stdlib.h>

#include "cli.h"
#include "cmd-bytes-emit.h"
#include "cmd-bytes-options.h"
#include "command.h"

static int write_count(const struct cli *cli, struct bytes_options *o)
{
	const char *why = cli_size(cli->operands[0], &o->job.count);

	if (why)
		return cli_usage_error(cli, "COUNT '%s': %s", cli->operands[0], why);
	why = bytes_options_contradiction(o);
	if (why)
		return cli_usage_error(cli, "%s", why);
	return bytes_emit(o);
}

static int run(int argc, char **argv)
{
	struct bytes_options o = bytes_options_default();
	char formats[CLI_NAMES_MAX];
	/* clang-format off */
	const struct poptOption options[] = {
		{ "timeout", 't', POPT_ARG_STRING, NULL, OPT_TIMEOUT,
		  "wait at most DUR for the RNG, then exit 124", "DUR" },
		{ "nonblock", 0, POPT_ARG_NONE, NULL, OPT_NONBLOCK,
		  "do not wait: exit 1 if the RNG is not ready", NULL },
		{ "insecure", 0, POPT_ARG_NONE, NULL, OPT_INSECURE,
		  "never wait, even if the RNG is not ready; not for secrets", NULL },
		{ "random", 0, POPT_ARG_NONE, NULL, OPT_RANDOM,
		  "call getrandom() with GRND_RANDOM", NULL },
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  cli_names(formats, "", " (default)", bytes_options_format), "NAME" },
		{ "hex", 'x', POPT_ARG_NONE, NULL, OPT_HEX, "--format hex", NULL },
		{ "base64", 'b', POPT_ARG_NONE, NULL, OPT_BASE64, "--format base64",
		  NULL },
		{ "chars", 0, POPT_ARG_STRING, NULL, OPT_CHARS,
		  "write COUNT characters of SET: alnum, a-z0-9, [:alpha:], set:ACGT, ...",
		  "SET" },
		{ "repeat", 0, POPT_ARG_STRING, NULL, OPT_REPEAT,
		  "write N texts of COUNT, each on a line of its own", "N" },
		{ "no-newline", 'n', POPT_ARG_NONE, NULL, OPT_NO_NEWLINE,
		  "write no trailing newline", NULL },
		{ "wrap", 0, POPT_ARG_STRING, NULL, OPT_WRAP,
		  "break the text into lines of COLS characters", "COLS" },
		{ "output", 'o', POPT_ARG_STRING, NULL, OPT_OUTPUT,
		  "write a new FILE with mode 0600, all or nothing", "FILE" },
		{ "mode", 0, POPT_ARG_STRING, NULL, OPT_MODE,
		  "give FILE this octal mode, such as 0640, whatever the umask", "MODE" },
		{ "jobs", 'j', POPT_ARG_STRING, NULL, OPT_JOBS,
		  "use N threads for 1 MiB or more (default: one for each CPU)", "N" },
		{ "fast", 0, POPT_ARG_NONE, NULL, OPT_FAST,
		  "expand one kernel key per block with ChaCha20", NULL },
		{ "progress", 'p', POPT_ARG_NONE, NULL, OPT_PROGRESS,
		  "show progress on standard error", NULL },
		{ "force", 0, POPT_ARG_NONE, NULL, OPT_FORCE,
		  "replace FILE if it exists; write raw bytes even to a terminal", NULL },
		{ "quiet", 'q', POPT_ARG_NONE, NULL, OPT_QUIET,
		  "say nothing while waiting, nor that the RNG is not ready", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, NULL, OPT_VERBOSE,
		  "say how strong the result is, in bits", NULL },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_bytes,
		.options = options,
		.set = bytes_options_set,
		.meant = bytes_options_meant,
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
	.summary = "write random bytes, raw or as text",
	.synopsis = "[OPTION]... COUNT",
	.help = "Write exactly COUNT random bytes from the kernel, as soon as its random number\n"
		"generator (RNG) is ready. COUNT is a number with an optional suffix (K, M, MiB,\n"
		"MB, ...), or 'infinity'. With --chars, COUNT is a number of characters:\n"
		"'--chars hex 32' writes 32 digits, which are as strong as 16 bytes, whereas\n"
		"'--hex 32' writes 64 digits.\n"
		"\n"
		"SET is a class (alnum alpha digit lower upper punct graph hex base58), several\n"
		"classes joined by '+', ranges as in tr(1) (a-z0-9_), POSIX classes ([:alpha:]),\n"
		"or 'set:' and the characters themselves (set:ACGT).\n"
		"\n"
		"DUR is a number of seconds, or has units as in 500ms, 5min or 1h30m, or is\n"
		"'infinity'.\n"
		"\n"
		"Examples:\n"
		"  crng bytes --hex 32                  a 256-bit key as text\n"
		"  crng bytes -o /etc/app.key 32        a private file, all or nothing\n"
		"  crng bytes --format base64url -n 24  a token without a newline\n"
		"  crng bytes --chars alnum 20          an unbiased password\n"
		"  crng bytes --nonblock 16 | consumer  fail instead of waiting\n"
		"  crng bytes infinity | head -c 1G     an endless stream\n"
		"\n"
		"Exit status: 0 everything was written, 1 not ready (--nonblock), 2 wrong usage,\n"
		"3 failure (such as FILE already exists), 124 timed out.",
	.operand = "COUNT",
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
