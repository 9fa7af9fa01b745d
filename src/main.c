/* SPDX-License-Identifier: MIT */
/* crng: the table of commands, and what is common to all of them. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "cli.h"
#include "command.h"
#include "version.h"

static const struct command *const commands[] = {
	&command_check, &command_wait, &command_bytes, &command_status, &command_reseed,
	&command_seed,
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Writes the usage to standard output or, in one write, to standard error. */
static void write_usage(FILE *out)
{
	fputs("Usage: crng COMMAND [OPTION]... [OPERAND]\n"
	      "\n"
	      "Is the kernel's random number generator (RNG) ready? Check it, wait for it, take\n"
	      "random bytes from it, find out why a boot is waiting for it, reseed it after a\n"
	      "clone, and carry a seed to the next boot.\n"
	      "\n"
	      "Examples:\n"
	      "  crng check                    exit 0 if it is ready, 1 if it is not\n"
	      "  crng wait -t 30 -- nginx      start nginx once it is ready; give up after 30 s\n"
	      "  crng bytes --hex 32           32 random bytes as text\n"
	      "  crng status                   its state, and what to do\n"
	      "  crng reseed -v                fresh input after a clone, with proof\n"
	      "  crng seed                     seed it, and keep a seed for the next boot\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s%s\n", commands[i]->name, commands[i]->summary);
	fputs("  help    show this help, or the help of a command\n"
	      "\n"
	      "Options:\n"
	      "  -h, --help     show this help\n"
	      "  -V, --version  show the version; with -v, also libraries and features\n"
	      "\n"
	      "See 'crng help COMMAND' or 'crng COMMAND --help' for more, and crng(1) for all.\n",
	      out);
}

static int print_help(void)
{
	write_usage(io_out());
	return STATUS_OK;
}

/* Without any argument, somebody wants to know what crng is. */
static int missing_command(void)
{
	char text[4096] = "";
	FILE *memory = fmemopen(text, sizeof(text), "w");

	if (memory) {
		write_usage(memory);
		fclose(memory);
	}
	message("a command is missing");
	message_hint("%s", text);
	return STATUS_USAGE;
}

static int unknown(const char *name)
{
	static const char *const others[] = { "help", "version" };
	struct text_nearest nearest = { .word = name + strspn(name, "-") };
	bool option = name[0] == '-';
	char text[CLI_MEANT_MAX];

	for (size_t i = 0; i < COMMANDS && !option; i++)
		text_nearest_offer(&nearest, commands[i]->name);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		text_nearest_offer(&nearest, others[i]);
	message("%s: unknown %s%s", cli_word(name), option ? "option" : "command",
		cli_did_you_mean(text, option ? "--" : "", nearest.name));
	return cli_try_help("crng", STATUS_USAGE);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	message_prefix(command->title);
	return command->run(argc, argv);
}

static int superfluous(const char *word)
{
	message("%s: unexpected operand", cli_word(word));
	return cli_try_help("crng", STATUS_USAGE);
}

static bool is_option(const char *word, const char *name, const char *letter)
{
	return strcmp(word, name) == 0 || strcmp(word, letter) == 0;
}

/* "crng help [COMMAND]", as many tools have it. */
static int run_help(int argc, char **argv)
{
	char help[] = "--help";
	char *words[] = { NULL, help, NULL };
	const struct command *command = argc > 1 ? find(argv[1]) : NULL;

	if (argc <= 1)
		return print_help();
	if (argc > 2)
		return superfluous(argv[2]);
	if (strcmp(argv[1], "help") == 0 || is_option(argv[1], "--help", "-h"))
		return print_help();
	return command ? run_command(command, 2, words) : unknown(argv[1]);
}

static int dispatch(int argc, char **argv)
{
	if (argc < 2)
		return missing_command();

	const struct command *command = find(argv[1]);
	bool verbose;
	int version = version_words(argc, argv, &verbose);

	if (command)
		return run_command(command, argc - 1, argv + 1);
	if (strcmp(argv[1], "help") == 0)
		return run_help(argc - 1, argv + 1);
	if (is_option(argv[1], "--help", "-h"))
		return argc > 2 ? superfluous(argv[2]) : print_help();
	if (version > 0)
		return argc > version + 1 ? superfluous(argv[version + 1])
					  : version_print(verbose);
	return unknown(argv[1]);
}

int main(int argc, char **argv)
{
	io_reserve_standard();
	cleanup_init();

	int status = dispatch(argc, argv);
	int rc = io_close_stdout();

	if (rc == 0)
		return status;
	message("standard output: %s", strerror(-rc));
	return STATUS_FAILURE;
}
