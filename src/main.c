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
	&command_check,
	&command_wait,
	&command_bytes,
	&command_status,
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]), NEAR = 2 };

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int print_help(void)
{
	FILE *out = io_out();

	fputs("Usage: crng COMMAND [OPTION]... [OPERAND]\n"
	      "\n"
	      "Is the kernel's random number generator ready? Wait for it, take random bytes\n"
	      "from it, and see why a boot hangs on it.\n"
	      "\n"
	      "Examples:\n"
	      "  crng check                    exit 0 if it is ready, 1 if it is not\n"
	      "  crng wait -t 30 -- nginx      wait at most 30 s, then become nginx\n"
	      "  crng bytes --hex 32           32 random bytes as text\n"
	      "  crng status                   what the state is, and why\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s%s\n", commands[i]->name, commands[i]->summary);
	fputs("\n"
	      "Options:\n"
	      "  -h, --help     show this help\n"
	      "  -V, --version  show the version; with -v, also libraries and features\n"
	      "\n"
	      "'crng help COMMAND' or 'crng COMMAND --help' tells more; crng(1) tells all.\n",
	      out);
	return STATUS_OK;
}

static int unknown(const char *name)
{
	const struct command *nearest = NULL;
	size_t least = NEAR + 1;

	for (size_t i = 0; i < COMMANDS; i++) {
		size_t distance = text_distance(name, commands[i]->name);

		if (distance < least) {
			least = distance;
			nearest = commands[i];
		}
	}
	const char *what = name[0] == '-' ? "option" : "command";

	if (nearest && name[0] != '-')
		message("%s: unknown command; did you mean '%s'?", name, nearest->name);
	else
		message("%s: unknown %s", name, what);
	return cli_try_help("crng", STATUS_USAGE);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	message_prefix(command->title);
	return command->run(argc, argv);
}

static int superfluous(const char *word)
{
	message("%s: unexpected operand", word);
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
	return command ? run_command(command, 2, words) : unknown(argv[1]);
}

static int dispatch(int argc, char **argv)
{
	if (argc < 2) {
		message("missing command");
		return cli_try_help("crng", STATUS_USAGE);
	}

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
