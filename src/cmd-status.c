/* SPDX-License-Identifier: MIT */
/* crng status: gather all that can be known, then say it in one of the formats. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "collect.h"
#include "command.h"
#include "io.h"
#include "message.h"
#include "render.h"

enum { OPT_FORMAT = 256, OPT_JSON, OPT_SYSROOT };

struct options {
	const struct renderer *renderer;
	char *sysroot;
};

static const char *set(void *values, int option, const char *value)
{
	struct options *o = values;

	switch (option) {
	case OPT_FORMAT:
		o->renderer = renderer_find(value);
		return o->renderer ? NULL : "not a format: human or json";
	case OPT_JSON:
		o->renderer = renderer_find("json");
		return NULL;
	default:
		free(o->sysroot);
		o->sysroot = strdup(value);
		return o->sysroot ? NULL : strerror(ENOMEM);
	}
}

static int report(const struct options *o)
{
	static struct facts facts;
	int root = IO_LIVE_ROOT;

	if (o->sysroot) {
		root = open(o->sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (root < 0) {
			message("%s: %s", o->sysroot, strerror(errno));
			return STATUS_FAILURE;
		}
	}
	collect_facts(root, COLLECT_FULL, &facts);
	if (root != IO_LIVE_ROOT)
		close(root);
	o->renderer->render(&facts, stdout);
	facts_free(&facts);
	return STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options o = { .renderer = &renderers[0] };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "format", 0, POPT_ARG_STRING, NULL, OPT_FORMAT,
		  "human (default) or json", "NAME" },
		{ "json", 0, POPT_ARG_NONE, NULL, OPT_JSON, "--format json", NULL },
		{ "sysroot", 0, POPT_ARG_STRING, NULL, OPT_SYSROOT,
		  "look at a captured tree instead of this machine", "DIR" },
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

	if (rc == CLI_RUN)
		rc = report(&o);
	cli_free(&cli);
	free(o.sysroot);
	return rc;
}

const struct command command_status = {
	.name = "status",
	.title = "crng status",
	.summary = "show what the state is and what it rests on",
	.synopsis = "[OPTION]...",
	.help = "Show the state of the kernel's random number generator. Needs no privilege;\n"
		"what cannot be known is unknown, with the reason.\n"
		"\n"
		"Examples:\n"
		"  crng status                        for people\n"
		"  crng status --json | jq .verdict   for programs\n"
		"  crng status --sysroot DIR          a tree captured elsewhere",
	.run = run,
};
