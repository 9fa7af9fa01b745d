/* SPDX-License-Identifier: MIT */
/*
 * Hides popt behind one function, and three of its habits from users: configuration files
 * (never read), POSIXLY_CORRECT (hidden from popt), and what it makes of "!#:+" in a
 * value (cli-shield.h).
 */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "cli-meant.h"
#include "cli-shield.h"

/* popt begins the usage line with the first word. */
static bool copy_words(struct cli *cli, int argc, char **argv)
{
	cli->words = calloc((size_t)argc + 1, sizeof(*cli->words));
	for (int i = 0; cli->words && i < argc; i++) {
		cli->words[i] = cli_shield(i == 0 ? cli->command->title : argv[i]);
		if (!cli->words[i])
			return false;
	}
	return cli->words != NULL;
}

static poptContext new_context(int argc, char **words, const struct poptOption *options)
{
	static char *nothing[] = { NULL };
	char **saved = environ;

	environ = nothing;
	poptContext context = poptGetContext(NULL, argc, (const char **)words, options,
					     POPT_CONTEXT_NO_EXEC);
	environ = saved;
	return context;
}

int cli_try_help(const char *title, int status)
{
	message_hint("Try '%s --help'.\n", title);
	return status;
}

int cli_usage_error(const struct cli *cli, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_va(format, args);
	va_end(args);
	return cli_try_help(cli->command->title, cli->usage_status);
}

/*
 * popt prints the text given to poptSetOtherOptionHelp() between the title and the
 * options.
 */
static int print_help(const struct cli *cli)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s\n\n%s\n\nOptions:", cli->command->synopsis,
		 cli->command->help);
	poptSetOtherOptionHelp(cli->context, text);
	poptPrintHelp(cli->context, io_out(), 0);
	return STATUS_OK;
}

/* A word of popt's as it was typed: popt has it shielded. NULL stays NULL. */
static char *as_typed(const char *shielded)
{
	char *word = shielded ? strdup(shielded) : NULL;

	if (word)
		cli_unshield(word);
	return word;
}

/* The word that popt has read last. */
static char *last_word(const struct cli *cli)
{
	return as_typed(poptBadOption(cli->context, POPT_BADOPTION_NOALIAS));
}

/*
 * popt drops the '=' of "-o=x", where getopt(3) takes "=x": the meaning would be a guess.
 * A value right after the letter of its option, or in a word of its own, is fine.
 */
static int check_short_value(const struct cli *cli, const struct poptOption *option,
			     const char *value)
{
	char *word = last_word(cli);
	size_t len = word ? strlen(word) : 0, tail = strlen(value);
	int rc = CLI_RUN;

	if (len > tail && word[1] != '-' && word[len - tail - 1] == '=')
		rc = cli_usage_error(cli, "%s: write '-%c%s%s' or '--%s=%s'", word,
				     option->shortName,
				     option->argInfo & POPT_ARGFLAG_OPTIONAL ? "" : " ",
				     value, option->longName, value);
	free(word);
	return rc;
}

static int take_value(struct cli *cli, int val)
{
	const struct poptOption *option = cli->options;
	char *value = poptGetOptArg(cli->context);
	int rc = CLI_RUN;

	while (option->val != val)
		option++;
	if (value) {
		cli_unshield(value);
		rc = check_short_value(cli, option, value);
	}

	const char *why = rc == CLI_RUN ? cli->set(cli->values, val, value) : NULL;

	if (why)
		rc = cli_usage_error(cli, "--%s '%s': %s", option->longName,
				     value ? value : "", why);
	free(value);
	return rc;
}

static int take_operands(struct cli *cli)
{
	const struct command *command = cli->command;

	cli->operands = poptGetArgs(cli->context);
	while (cli->operands && cli->operands[cli->count])
		cli_unshield((char *)cli->operands[cli->count++]);

	const char *stray = cli_stray_operand(cli);

	if (!stray && cli->count > command->operands_max)
		stray = cli->operands[command->operands_max];
	if (stray)
		return cli_unexpected_operand(cli, stray);
	if (cli->count < command->operands_min)
		return cli_usage_error(cli, "%s is missing", command->operand);
	return CLI_RUN;
}

/*
 * What popt found wrong with an option. After an operand where none may be, as in "wait
 * nginx -g x", the option was meant for that one.
 */
static int wrong_option(const struct cli *cli, int error)
{
	char *operand = as_typed(poptPeekArg(cli->context));
	char *word = last_word(cli);
	int rc;

	if (operand && cli->command->operands_max == 0)
		rc = cli_unexpected_operand(cli, operand);
	else if (word && error == POPT_ERROR_BADOPT)
		rc = cli_unknown_option(cli, word);
	else
		rc = cli_usage_error(cli, "%s: %s", word ? word : "option",
				     poptStrerror(error));
	free(operand);
	free(word);
	return rc;
}

/* The long option that was perhaps meant by a word that begins with -h; else "help". */
static const char *other_than_help(const struct poptOption *option)
{
	while (!option->longName || option->longName[0] != 'h')
		option++;
	return option->longName;
}

/*
 * "-h" among other words is not a request for help but a slip, as in -hex, and the help
 * would be taken for the key that the user wanted.
 */
static int take_short_help(const struct cli *cli, char **argv)
{
	if (strcmp(argv[1], "-h") == 0 && !argv[2])
		return print_help(cli);

	const char *other = other_than_help(cli->options);
	char *word = last_word(cli);
	int rc = cli_usage_error(
		cli, "%s: -h shows help only when it is the only argument; use --%s%s",
		word ? word : "-h", other, strcmp(other, "help") ? " or --help" : "");

	free(word);
	return rc;
}

int cli_parse(struct cli *cli, int argc, char **argv)
{
	if (cli->usage_status == 0)
		cli->usage_status = STATUS_USAGE;
	/* Nothing to parse: the most common call of check need not start popt. */
	if (argc == 1 && cli->command->operands_min == 0)
		return CLI_RUN;
	if (copy_words(cli, argc, argv))
		cli->context = new_context(argc, cli->words, cli->options);
	if (!cli->context) {
		message("%s", strerror(ENOMEM));
		return cli->usage_status == STATUS_USAGE ? STATUS_FAILURE
							 : cli->usage_status;
	}

	int val;

	while ((val = poptGetNextOpt(cli->context)) > 0) {
		int rc = val == CLI_LONG_HELP	 ? print_help(cli)
			 : val == CLI_SHORT_HELP ? take_short_help(cli, argv)
						 : take_value(cli, val);

		if (rc != CLI_RUN)
			return rc;
	}
	if (val < -1)
		return wrong_option(cli, val);
	return take_operands(cli);
}

void cli_free(struct cli *cli)
{
	if (cli->context)
		poptFreeContext(cli->context);
	for (char **word = cli->words; word && *word; word++)
		free(*word);
	free(cli->words);
}

const char *cli_names(char text[CLI_NAMES_MAX], const char *before, const char *note,
		      const char *(*name)(size_t i))
{
	int at = snprintf(text, CLI_NAMES_MAX, "%s%s%s", before, name(0), note);

	for (size_t i = 1; at < CLI_NAMES_MAX && name(i); i++)
		at += snprintf(text + at, CLI_NAMES_MAX - (size_t)at, "%s%s",
			       name(i + 1) ? ", " : " or ", name(i));
	return text;
}

const char *cli_choice(char text[CLI_NAMES_MAX], const char *before, const char *value,
		       const char *(*name)(size_t i))
{
	struct text_nearest nearest = { .word = value };
	char meant[CLI_MEANT_MAX];

	for (size_t i = 0; name(i); i++)
		text_nearest_offer(&nearest, name(i));
	cli_names(text, before, "", name);
	strncat(text, cli_did_you_mean(meant, "", nearest.name),
		CLI_NAMES_MAX - strlen(text) - 1);
	return text;
}

const char *cli_size(const char *text, uint64_t *size)
{
	switch (number_size(text, size)) {
	case 0:
		return NULL;
	case -ERANGE:
		return "too large";
	default:
		return "not a size: use a number with an optional suffix (K, M, G, ... by 1024; kB, MB, GB, ... by 1000), or 'infinity'";
	}
}

const char *cli_duration(const char *text, int64_t *ns)
{
	switch (number_duration(text, ns)) {
	case 0:
		return NULL;
	case -ERANGE:
		return "too long";
	default:
		return "not a duration: use a number of seconds, or units as in 500ms, 5min or 1h30m, or 'infinity'";
	}
}
