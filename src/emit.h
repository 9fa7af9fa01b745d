/* SPDX-License-Identifier: MIT */
#ifndef CRNG_EMIT_H
#define CRNG_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "encode.h"
#include "source.h"

/* What crng bytes was asked to write. */
struct emission {
	uint64_t count;			 /* random bytes; SIZE_INFINITY: no end */
	const struct encoding *encoding; /* NULL: raw */
	uint64_t columns;		 /* of a line of text; 0: one line */
	bool newline;			 /* behind the text */
	const char *output;		 /* a file; NULL: standard output */
};

/*
 * Opens the source and writes. Reports what goes wrong on standard error; returns an enum
 * exit_status. An output file is there whole, or as it was before.
 */
int emit(const struct emission *emission, struct source *source);

#endif
