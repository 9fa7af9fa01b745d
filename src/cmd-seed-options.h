/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_SEED_OPTIONS_H
#define CRNG_CMD_SEED_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd-seed-report.h"
#include "command.h"

/* What the words of crng seed ask for. Needs seed_options_free(). */
struct seed_options {
	bool load, save, purge, provision;
	bool no_credit, any_machine, dry_run;
	int64_t timeout;	   /* nanoseconds; -1: do not wait */
	char *directory, *sysroot; /* NULL: not given */
	struct seed_voice voice;
};

/* Returns CLI_RUN or the exit status. */
int seed_options_parse(struct seed_options *o, const struct command *command, int argc,
		       char **argv);

void seed_options_free(struct seed_options *o);

#endif
