/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_EMIT_H
#define CRNG_CMD_BYTES_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes/chars.h"
#include "bytes/records.h"
#include "progress.h"
#include "rng/stream.h"

/* What crng bytes was asked to write. */
struct emission {
	struct blocks blocks;
	const struct chars *chars; /* to draw from; NULL: bytes */
	bool fast;		   /* chacha.h */
	unsigned int jobs;	   /* 0: as many as the machine allows */
	enum progress_wish progress;
	const char *output; /* a file; NULL: standard output */
};

/*
 * Opens the stream and writes. Reports what goes wrong on standard error; returns an enum
 * exit_status. An output file is there whole, or as it was before.
 */
int bytes_emit(const struct emission *emission, struct stream *stream);

#endif
