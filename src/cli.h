/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLI_H
#define CRNG_CLI_H

#include <popt.h>
#include <stdint.h>

#include "command.h"

/* cli_parse() returns this when the command is to run; no exit status is negative. */
#define CLI_RUN (-1)

/*
 * Closes every option table. popt writes an int through the pointer of a flag. The first
 * row takes -h, so that it can be told from --help; --help shows the second row alone.
 */
/* clang-format off */
#define CLI_HELP \
	{ NULL, 'h', POPT_ARG_NONE | POPT_ARGFLAG_DOC_HIDDEN, NULL, CLI_SHORT_HELP, \
	  NULL, NULL }, \
	{ "help", 'h', POPT_ARG_NONE, NULL, CLI_LONG_HELP, "show this help", NULL }, \
	POPT_TABLEEND
/* clang-format on */

enum { CLI_SHORT_HELP = 'h', CLI_LONG_HELP = 'H' };

struct cli {
	const struct command *command;
	const struct poptOption *options;

	/*
	 * Takes an option with val > 0, and its value, if it has one. Returns NULL, or
	 * what is wrong with the value, which is freed after that.
	 */
	const char *(*set)(void *values, int option, const char *value);
	void *values;
	int usage_status; /* of a usage error */

	/*
	 * For a word that stands where no such operand may be: what should come before
	 * it, such as "-t", or NULL. May be NULL itself.
	 */
	const char *(*meant)(const char *word);

	/* Set by cli_parse(), valid until cli_free(). */
	const char **operands;
	int count;
	char **words;
	poptContext context;
};

/*
 * Parses the arguments of a command, options before and after operands, checks the number
 * of operands, prints help: for --help anywhere, for -h only where it is the only word.
 * Ignores configuration files and the environment. Returns CLI_RUN or the exit status to
 * end with. Needs cli_free() in each case.
 */
int cli_parse(struct cli *cli, int argc, char **argv);

void cli_free(struct cli *cli);

/* After a message about wrong usage, says how to get help; returns status. */
int cli_try_help(const char *title, int status);

/* Prints what is wrong with the usage of the command; returns cli->usage_status. */
int cli_usage_error(const struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The word as a message shows it: an empty one would not be seen. */
const char *cli_word(const char *word);

enum { CLI_NAMES_MAX = 256, CLI_MEANT_MAX = 64 };

/* Writes "; did you mean 'BEFORENAME'?" to text, or "" if name is NULL; returns text. */
const char *cli_did_you_mean(char text[CLI_MEANT_MAX], const char *before,
			     const char *name);

/*
 * Writes a list of names to text and returns it: before, "a", note, ", b or c". name(i)
 * is a name, or NULL past the last one; there are at least two.
 */
const char *cli_names(char text[CLI_NAMES_MAX], const char *before, const char *note,
		      const char *(*name)(size_t i));

/*
 * The same for a value that is none of the names: without a note, but with the name that
 * was perhaps meant.
 */
const char *cli_choice(char text[CLI_NAMES_MAX], const char *before, const char *value,
		       const char *(*name)(size_t i));

/* Parses a size or duration (number.h); returns NULL or what is wrong with it. */
const char *cli_size(const char *text, uint64_t *size);
const char *cli_duration(const char *text, int64_t *ns);

#endif
