/* SPDX-License-Identifier: MIT */
/* crng status: collect all that can be known, then print it in one of the formats. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "cli.h"
#include "cmd-status-boots.h"
#include "cmd-status-explain.h"
#include "cmd-status-options.h"
#include "cmd-status-watch.h"
#include "command.h"
#include "status/collect/collect.h"
#include "status/render/render.h"

/* Only the character type of the locale counts: numbers look the same everywhere. */
static struct render_style style_of(const struct status_options *o)
{
	const char *no_color = getenv("NO_COLOR");
	bool capable = io_is_screen(STDOUT_FILENO) && !(no_color && no_color[0]);

	unsigned int columns = RENDER_COLUMNS;

	io_screen_size(STDOUT_FILENO, NULL, &columns);
	setlocale(LC_CTYPE, "");
	return (struct render_style){
		.colour = o->colour == COLOUR_ALWAYS ||
			  (o->colour == COLOUR_AUTO && capable),
		.unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.verbose = o->verbose,
		.columns = columns,
	};
}

/* The captured tree; NULL: this machine, whose root is no tree but the machine itself. */
static const char *tree_of(const struct status_options *o)
{
	const char *tree = o->sysroot;

	return tree && tree[0] == '/' && tree[strspn(tree, "/")] == '\0' ? NULL : tree;
}

static int report(const struct status_options *o)
{
	static struct facts facts;
	const struct renderer *renderer = o->renderer ? o->renderer : &renderers[0];
	struct render_style style = style_of(o);

	if (o->watch) {
		int rc = status_watch(renderer, &style, o->interval);

		if (rc == 0)
			return STATUS_OK;
		message("standard output: %s", strerror(-rc));
		return STATUS_FAILURE;
	}

	if (o->boots)
		return status_boots(renderer, &style, tree_of(o), o->boots);
	if (o->boot)
		return status_boot(renderer, &style, tree_of(o), o);

	int rc = collect_facts(tree_of(o), COLLECT_FULL, &facts);

	if (rc < 0) {
		message("%s: %s", o->sysroot, text_error(-rc));
		return STATUS_FAILURE;
	}
	renderer->render(&facts, &style, io_out());
	return STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct status_options o = { .renderer = NULL };
	char formats[CLI_NAMES_MAX], colours[CLI_NAMES_MAX];
	/* clang-format off */
	const struct poptOption options[] = {
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  cli_names(formats, "", " (default)", status_format_name), "NAME" },
		{ "json", 0, POPT_ARG_NONE, NULL, OPT_JSON, "--format json", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, NULL, OPT_VERBOSE,
		  "also show the kernel, its pool, the sources of entropy, the "
		  "environment, and advice that is not urgent", NULL },
		{ "watch", 'w', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, OPT_WATCH,
		  "refresh every SEC seconds (default 2) until the RNG is ready",
		  "SEC" },
		{ "boots", 0, POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, OPT_BOOTS,
		  "list the last N boots (default 10) that the journal and wtmp "
		  "remember", "N" },
		{ "boot", 0, POPT_ARG_STRING, NULL, OPT_BOOT,
		  "report on an earlier boot from the journal: an offset, such as -1, or "
		  "an ID", "ID" },
		{ "explain", 0, POPT_ARG_STRING, NULL, OPT_EXPLAIN,
		  "explain a piece of advice; 'list' lists all IDs", "ID" },
		{ "color", 0, POPT_ARG_STRING, NULL, OPT_COLOR,
		  cli_names(colours, "", " (default)", status_colour_name), "WHEN" },
		{ "sysroot", 0, POPT_ARG_STRING, NULL, OPT_SYSROOT,
		  "report on a tree made by crng-capture, not on this machine", "DIR" },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_status,
		.options = options,
		.set = status_set,
		.values = &o,
	};
	int rc = cli_parse(&cli, argc, argv);

	const char *why = rc == CLI_RUN ? status_contradiction(&o) : NULL;

	if (why)
		rc = cli_usage_error(&cli, "%s", why);
	else if (rc == CLI_RUN)
		rc = o.explain ? status_explain(o.explain, tree_of(&o)) : report(&o);
	cli_free(&cli);
	free(o.sysroot);
	free(o.explain);
	free(o.boot);
	return rc;
}

const struct command command_status = {
	.name = "status",
	.title = "crng status",
	.summary = "show the state, what is blocked, and what to do",
	.synopsis = "[OPTION]...",
	.help = "Show the state of the kernel's random number generator (RNG), how it came about,\n"
		"which tasks are blocked on it, and what to do. It needs no privilege: what crng\n"
		"cannot find out is shown as unknown, with the reason.\n"
		"\n"
		"Examples:\n"
		"  crng status                        a report for people\n"
		"  crng status --json | jq .verdict   the verdict for a program\n"
		"  crng status --watch                refresh until the RNG is ready\n"
		"  crng status --boot=-1              a report on the previous boot\n"
		"  crng status --sysroot DIR          a report on a captured machine\n"
		"\n"
		"Exit status: 0 in every state, 2 wrong usage, 3 failure.",
	.run = run,
};
