/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PUMP_H
#define CRNG_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "encode.h"
#include "source.h"

struct pump {
	const struct source *source;
	const struct encoding *encoding; /* NULL: raw bytes */
	uint64_t columns;		 /* of a line of text; 0: one line */
	bool newline;			 /* behind the text */
	uint64_t total; /* random bytes; SIZE_INFINITY (parse.h): no end */
	int fd;		/* where to */

	bool source_failed; /* set: which end an error came from */
};

/*
 * Moves total random bytes from the source to the descriptor. Core dumps are off while
 * bytes are in memory, and no copy is left there on return, whatever the result. Returns
 * 0 when all was written, else -errno of the first failure; -EPIPE only where SIGPIPE is
 * ignored. Nothing is written before a first whole block is there.
 */
int pump_run(struct pump *pump);

#endif
