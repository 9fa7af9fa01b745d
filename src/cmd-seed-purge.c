/* SPDX-License-Identifier: MIT */
/* crng seed --purge: no seed stays in an image that will be copied. */
#include "cmd-seed-purge.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/message.h"
#include "base/root.h"
#include "base/text.h"
#include "cmd-seed-sysroot.h"
#include "command.h"
#include "seed/unique.h"
#include "seed/remove.h"
#include "status/seeds.h"

struct run {
	struct seed_purge purge;
	bool quiet, verbose, failed;
	bool live;  /* the services of this system run */
	int output; /* 0 or -errno of standard output */
};

static void purge_place(struct run *run, const char *path, const char *system)
{
	if (!seed_remove(&run->purge, path) && run->verbose)
		message("nothing at %s (%s)", path, system);
}

static void purge_all(struct run *run)
{
	for (const struct seed_place *place = seed_places; place->path; place++)
		purge_place(run, place->path, place->system);
	for (const char *const *path = seed_beside; *path; path++)
		purge_place(run, *path, "crng");
}

/* The lines of both standard streams keep their order on a terminal. */
static void print_removed(struct run *run, const char *path)
{
	fprintf(io_out(), "%s %s\n", run->purge.dry_run ? "would remove" : "removed",
		path);

	int rc = io_flush();

	if (run->output == 0)
		run->output = rc;
}

static void report_unfit(const struct seed_removal *removal)
{
	mode_t mode = removal->st.st_mode;
	const char *what = S_ISLNK(mode)    ? "a symbolic link"
			   : S_ISDIR(mode)  ? "a directory"
			   : S_ISFIFO(mode) ? "a pipe"
			   : S_ISSOCK(mode) ? "a socket"
					    : "a device";

	message("%s: not removed: it is %s", removal->path, what);
	if (S_ISLNK(mode))
		message_hint("Remove the file that it leads to, then the link.\n");
}

static void report_removal(struct run *run, const struct seed_removal *removal)
{
	if (removal->removed && !run->quiet)
		print_removed(run, removal->path);
	if (removal->error)
		message("%s: %s: %s", removal->path,
			removal->removed ? "removed, but this may not outlast a power cut"
					 : "not removed",
			text_error(removal->error));
	else if (!removal->removed)
		report_unfit(removal);
	run->failed |= removal->error != 0 || !removal->removed;
}

/* Under its other name, the seed is still there. */
static void report_other_names(struct run *run, const struct seed_removal *removal)
{
	if (!removal->removed || seed_other_names(&run->purge, removal) == 0)
		return;
	run->failed = true;
	message("%s: another name of it %s", removal->path,
		run->purge.dry_run ? "would remain" : "remains");
	message_hint("Find it on its file system with 'find DIR -xdev -inum %llu', and "
		     "remove it.\n",
		     (unsigned long long)removal->st.st_ino);
}

static void report_identity(const char *path, int error, void *data)
{
	bool *any = data;

	if (error)
		message("left alone: %s: %s", path, text_error(error));
	else
		message("left alone: %s", path);
	*any = true;
}

static void report_rest(const struct run *run)
{
	bool any = false;

	if (run->purge.count == 0)
		message("no seed found");
	unique_visit(run->purge.root, report_identity, &any);
	if (any)
		message_hint(
			"Copies of this image would share them: empty machine-id, and "
			"remove the host keys\nif the first boot makes new ones.\n");
	if (run->live)
		message_hint(
			"This system is running, and may save a new seed when it shuts "
			"down: purge its\nimage from outside (--sysroot), or skip the "
			"shutdown (systemctl poweroff -ff).\n");
}

static bool is_live(int root)
{
	struct stat ours, st;

	return fstat(root, &ours) == 0 && stat("/", &st) == 0 &&
	       ours.st_ino == st.st_ino && ours.st_dev == st.st_dev;
}

static int purge(struct run *run)
{
	purge_all(run);
	for (size_t i = 0; i < run->purge.count; i++) {
		report_removal(run, &run->purge.list[i]);
		report_other_names(run, &run->purge.list[i]);
	}
	if (!run->quiet)
		report_rest(run);
	if (run->output != 0)
		message("standard output: %s", text_error(-run->output));
	return run->failed || run->output != 0 ? STATUS_FAILURE : STATUS_OK;
}

int seed_purge(const char *sysroot, bool dry_run, bool quiet, bool verbose)
{
	struct run run = {
		.purge = { .root = ROOT_LIVE, .dry_run = dry_run },
		.quiet = quiet,
		.verbose = verbose,
		.live = !sysroot,
	};

	if (!sysroot)
		return purge(&run);
	run.purge.root = sysroot_open(sysroot);
	if (run.purge.root < 0)
		return STATUS_FAILURE;
	run.live = is_live(run.purge.root);

	int status = purge(&run);

	close(run.purge.root);
	return status;
}
