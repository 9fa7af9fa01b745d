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
#include "cmd-status-explain.h"
#include "cmd-status-watch.h"
#include "command.h"
#include "status/collect/collect.h"
#include "status/render/render.h"

enum option {
	OPT_FORMAT = 256,
	OPT_JSON,
	OPT_SYSROOT,
	OPT_COLOR,
	OPT_EXPLAIN,
	OPT_VERBOSE = 'v',
	OPT_WATCH = 'w'
};
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

#define WATCH_DEFAULT_NS (2 * NS_PER_S)

struct options {
	const struct renderer *renderer; /* NULL: none was chosen */
	char *sysroot;
	enum colour colour;
	bool verbose;
	char *explain; /* an id, or "list" */
	bool watch;
	int64_t interval;
};

static const char *format_name(size_t i)
{
	return renderers[i].name;
}

static const char *colour_name(size_t i)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
		NULL,
	};

	return names[i];
}

static const char *set_format(struct options *o, const char *value)
{
	static char why[CLI_NAMES_MAX];

	o->renderer = renderer_find(value);
	return o->renderer ? NULL
			   : cli_choice(why, "not a format: use ", value, format_name);
}

static const char *set_colour(struct options *o, const char *value)
{
	static char why[CLI_NAMES_MAX];

	for (size_t i = 0; colour_name(i); i++) {
		if (strcmp(value, colour_name(i)) == 0) {
			o->colour = (enum colour)i;
			return NULL;
		}
	}
	return cli_choice(why, "not ", value, colour_name);
}

static const char *set_watch(struct options *o, const char *value)
{
	o->watch = true;
	o->interval = WATCH_DEFAULT_NS;

	const char *why = value ? cli_duration(value, &o->interval) : NULL;

	return !why && o->interval == 0 ? "must be more than 0" : why;
}

static const char *set_copy(char **copy, const char *value)
{
	free(*copy);
	*copy = strdup(value);
	return *copy ? NULL : strerror(ENOMEM);
}

static const char *no_such_advice(const char *id)
{
	static char why[160];
	char meant[CLI_MEANT_MAX];

	snprintf(why, sizeof(why),
		 "no such advice: 'crng status --explain list' lists all IDs%s",
		 cli_did_you_mean(meant, "", status_explain_nearest(id)));
	return why;
}

static const char *set(void *values, int option, const char *value)
{
	struct options *o = values;

	switch ((enum option)option) {
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_JSON:
		return set_format(o, "json");
	case OPT_COLOR:
		return set_colour(o, value);
	case OPT_VERBOSE:
		o->verbose = true;
		return NULL;
	case OPT_WATCH:
		return set_watch(o, value);
	case OPT_EXPLAIN:
		if (!status_explain_knows(value))
			return no_such_advice(value);
		return set_copy(&o->explain, value);
	case OPT_SYSROOT:
		return set_copy(&o->sysroot, value);
	}
	return NULL;
}

/* Only the character type of the locale counts: numbers look the same everywhere. */
static struct render_style style_of(const struct options *o)
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
static const char *tree_of(const struct options *o)
{
	const char *tree = o->sysroot;

	return tree && tree[0] == '/' && tree[strspn(tree, "/")] == '\0' ? NULL : tree;
}

static int report(const struct options *o)
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

	int rc = collect_facts(tree_of(o), COLLECT_FULL, &facts);

	if (rc < 0) {
		message("%s: %s", o->sysroot, text_error(-rc));
		return STATUS_FAILURE;
	}
	renderer->render(&facts, &style, io_out());
	return STATUS_OK;
}

/* How the options contradict each other; NULL: they do not. */
static const char *contradiction(const struct options *o)
{
	if (o->watch && o->sysroot)
		return "--watch and --sysroot cannot be used together";
	if (o->watch && o->renderer && strcmp(o->renderer->name, "svg") == 0)
		return "--watch and --format svg cannot be used together";
	if (o->explain && (o->watch || o->renderer))
		return "--explain cannot be used with --watch, --json or --format";
	return NULL;
}

static int run(int argc, char **argv)
{
	struct options o = { .renderer = NULL };
	char formats[CLI_NAMES_MAX], colours[CLI_NAMES_MAX];
	/* clang-format off */
	const struct poptOption options[] = {
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  cli_names(formats, "", " (default)", format_name), "NAME" },
		{ "json", 0, POPT_ARG_NONE, NULL, OPT_JSON, "--format json", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, NULL, OPT_VERBOSE,
		  "also show the kernel, its pool, the sources of entropy, the "
		  "environment, and advice that is not urgent", NULL },
		{ "watch", 'w', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, OPT_WATCH,
		  "refresh every SEC seconds (default 2) until the RNG is ready",
		  "SEC" },
		{ "explain", 0, POPT_ARG_STRING, NULL, OPT_EXPLAIN,
		  "explain a piece of advice; 'list' lists all IDs", "ID" },
		{ "color", 0, POPT_ARG_STRING, NULL, OPT_COLOR,
		  cli_names(colours, "", " (default)", colour_name), "WHEN" },
		{ "sysroot", 0, POPT_ARG_STRING, NULL, OPT_SYSROOT,
		  "report on a tree made by crng-capture, not on this machine", "DIR" },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = &command_status,
		.options = options,
		.set = set,
		.values = &o,
	};
	int rc = cli_parse(&cli, argc, argv);

	const char *why = rc == CLI_RUN ? contradiction(&o) : NULL;

	if (why)
		rc = cli_usage_error(&cli, "%s", why);
	else if (rc == CLI_RUN)
		rc = o.explain ? status_explain(o.explain, tree_of(&o)) : report(&o);
	cli_free(&cli);
	free(o.sysroot);
	free(o.explain);
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
		"  crng status --sysroot DIR          a report on a captured machine\n"
		"\n"
		"Exit status: 0 in every state, 2 wrong usage, 3 failure.",
	.run = run,
};
