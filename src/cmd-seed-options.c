/* SPDX-License-Identifier: MIT */
#include "cmd-seed-options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"

enum { OPT_SYSROOT = 256, OPT_DIRECTORY = 'd', OPT_TIMEOUT = 't' };

/* As popt writes them. */
struct words {
	int load, save, purge, provision, no_credit, any_machine, dry_run;
	int quiet, verbose, json;
	struct seed_options *o;
};

static const char *set_path(char **path, const char *value)
{
	if (value[0] == '\0')
		return "must not be empty";
	free(*path);
	*path = strdup(value);
	return *path ? NULL : strerror(ENOMEM);
}

/* With a trailing slash, a symbolic link would be followed. */
static const char *set_directory(char **path, const char *value)
{
	const char *wrong = set_path(path, value);
	size_t len = wrong ? 0 : strlen(*path);

	while (len > 1 && (*path)[len - 1] == '/')
		(*path)[--len] = '\0';
	return wrong;
}

static const char *set(void *values, int option, const char *value)
{
	struct seed_options *o = ((struct words *)values)->o;

	if (option == OPT_TIMEOUT)
		return cli_duration(value, &o->timeout);
	return option == OPT_DIRECTORY ? set_directory(&o->directory, value)
				       : set_path(&o->sysroot, value);
}

/* "seed load" and "seed /var/lib/seedrng". */
static const char *meant(const char *word)
{
	static const struct {
		const char *word, *option;
	} actions[] = {
		{ "load", "--load" },
		{ "save", "--save" },
		{ "purge", "--purge" },
		{ "provision", "--provision" },
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (strcmp(word, actions[i].word) == 0)
			return actions[i].option;
	return strchr(word, '/') ? "-d" : NULL;
}

/* What is wrong with the options for images, or NULL. */
static const char *conflict_of_image(const struct words *w)
{
	const struct seed_options *o = w->o;
	bool carries = w->no_credit || w->any_machine || w->json || o->timeout >= 0 ||
		       o->directory;

	if ((w->purge || w->provision) && carries)
		return "--purge and --provision can be used with --sysroot, --quiet and "
		       "--verbose only; --purge also with --dry-run";
	if (w->provision && w->dry_run)
		return "--provision cannot be used with --dry-run";
	if (w->provision && !o->sysroot)
		return "--provision needs --sysroot: the tree of the image";
	if (o->sysroot && !w->purge && !w->provision)
		return "--sysroot is for --purge and --provision; use -d for another "
		       "directory";
	return NULL;
}

static const char *conflict(const struct words *w)
{
	if (w->load + w->save + w->purge + w->provision > 1)
		return "use one of --load, --save, --purge and --provision; without them, a "
		       "seed is loaded and then saved";
	if (w->quiet && w->verbose)
		return "--quiet cannot be used with --verbose";
	if (w->load && w->o->timeout >= 0)
		return "--timeout is for saving, and cannot be used with --load";
	if (w->save && w->no_credit)
		return "--no-credit is for loading, and cannot be used with --save";
	return conflict_of_image(w);
}

static void take(struct seed_options *o, const struct words *w)
{
	o->load = !w->save;
	o->save = !w->load;
	o->purge = w->purge;
	o->provision = w->provision;
	o->no_credit = w->no_credit;
	o->any_machine = w->any_machine;
	o->dry_run = w->dry_run;
	o->voice = (struct seed_voice){
		.quiet = w->quiet,
		.verbose = w->verbose,
		.json = w->json,
	};
}

int seed_options_parse(struct seed_options *o, const struct command *command, int argc,
		       char **argv)
{
	struct words w = { .o = o };
	/* clang-format off */
	const struct poptOption options[] = {
		{ "load", 0, POPT_ARG_NONE, &w.load, 0,
		  "only load the seed of an earlier boot", NULL },
		{ "save", 0, POPT_ARG_NONE, &w.save, 0,
		  "only save a seed for the next boot", NULL },
		{ "timeout", 't', POPT_ARG_STRING, NULL, OPT_TIMEOUT,
		  "before saving, wait at most DUR for the RNG, then exit 124", "DUR" },
		{ "no-credit", 0, POPT_ARG_NONE, &w.no_credit, 0,
		  "mix the seed in without credit", NULL },
		{ "any-machine", 0, POPT_ARG_NONE, &w.any_machine, 0,
		  "also credit a seed that another machine made", NULL },
		{ "directory", 'd', POPT_ARG_STRING, NULL, OPT_DIRECTORY,
		  "where the seed is (default /var/lib/seedrng)", "DIR" },
		{ "purge", 0, POPT_ARG_NONE, &w.purge, 0,
		  "remove the seeds of all services that keep one", NULL },
		{ "provision", 0, POPT_ARG_NONE, &w.provision, 0,
		  "put one fresh seed into the image of one machine", NULL },
		{ "sysroot", 0, POPT_ARG_STRING, NULL, OPT_SYSROOT,
		  "the tree of an image, for --purge and --provision", "DIR" },
		{ "dry-run", 'n', POPT_ARG_NONE, &w.dry_run, 0,
		  "only say what would happen", NULL },
		{ "json", 0, POPT_ARG_NONE, &w.json, 0,
		  "print the result as JSON", NULL },
		{ "quiet", 'q', POPT_ARG_NONE, &w.quiet, 0,
		  "print only errors, and why a seed gets no credit", NULL },
		{ "verbose", 'v', POPT_ARG_NONE, &w.verbose, 0,
		  "also say which machine made the seed", NULL },
		CLI_HELP
	};
	/* clang-format on */
	struct cli cli = {
		.command = command,
		.options = options,
		.set = set,
		.values = &w,
		.meant = meant,
		.usage_status = STATUS_USAGE,
	};

	*o = (struct seed_options){ .timeout = -1 };

	int rc = cli_parse(&cli, argc, argv);
	const char *wrong = rc == CLI_RUN ? conflict(&w) : NULL;

	if (wrong)
		rc = cli_usage_error(&cli, "%s", wrong);
	take(o, &w);
	cli_free(&cli);
	return rc;
}

void seed_options_free(struct seed_options *o)
{
	free(o->directory);
	free(o->sysroot);
}
