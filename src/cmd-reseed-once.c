/* SPDX-License-Identifier: MIT */
#include "cmd-reseed-once.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "cli.h"
#include "cmd-reseed-report.h"
#include "command.h"
#include "reseed/stamp.h"

static bool read_input(const char *path, struct input *input)
{
	const char *why = path ? input_read(path, input) : NULL;

	if (!why)
		return true;
	message("%s: %s", strcmp(path, "-") == 0 ? "standard input" : cli_word(path),
		why);
	message_hint("Give 16 bytes to 64 KiB of random bytes from outside this machine, "
		     "such as its host's.\nNothing was mixed.\n");
	return false;
}

/*
 * Records which generation of the virtual machine has been reseeded; not where clones may
 * still give the same bytes.
 */
static void record(const struct reseed_options *o, const struct reseed *reseed)
{
	int rc = 0;

	if (reseed->vm_counts && reseed->proof != RESEED_NOT_PROVED &&
	    reseed_is_fresh(reseed))
		rc = stamp_write(reseed->vm_generation);
	if (rc != 0 && !o->quiet)
		message(VMCLOCK_RECORD ": %s: 'crng status' cannot tell of clones",
			rc == -EXDEV ? "/run is not in memory" : text_error(-rc));
}

/* Standard output belongs to the command, or to JSON, if there is one. */
static int report(const struct reseed_options *o, const struct reseed *reseed)
{
	char line[RESEED_LINE_MAX];

	if (!o->quiet)
		reseed_report_doubts(reseed);
	reseed_report_line(reseed, line);
	if (o->verbose && (o->command || o->json))
		message("%s", line);
	else if (o->verbose)
		fprintf(io_out(), "%s\n", line);
	if (o->json)
		reseed_report_json(reseed, io_out());
	record(o, reseed);

	int rc = io_flush();

	if (rc == 0)
		return STATUS_OK;
	message("standard output: %s", text_error(-rc));
	return STATUS_FAILURE;
}

/* Says why nothing was fresh, as far as that is not plain from what is missing. */
static void explain(const struct reseed *reseed)
{
	const char *unknown = reseed->sources[RESEED_CPU].unfit;

	reseed_report_doubts(reseed);
	if (unknown)
		message("/proc/cpuinfo does not tell whether the CPU has an RNG instruction: %s",
			unknown);
}

static int run(const struct reseed_options *o, struct reseed *reseed)
{
	int rc = reseed_run(reseed);

	if (rc == 0)
		return report(o, reseed);
	if (reseed->step == RESEED_FRESH && !o->quiet)
		explain(reseed);
	return reseed_report_failure(reseed, rc);
}

int reseed_once(const struct reseed_options *o, struct reseed *reseed)
{
	int dumpable = prctl(PR_GET_DUMPABLE), status = STATUS_FAILURE;

	prctl(PR_SET_DUMPABLE, 0);
	reseed_look(reseed);
	if (read_input(o->input, reseed->input))
		status = run(o, reseed);
	prctl(PR_SET_DUMPABLE, dumpable);
	return status;
}
