/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JOB_H
#define CRNG_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes/chars.h"
#include "bytes/encode.h"
#include "rng/stream.h"

/*
 * What crng bytes is to make: records, one after another, of random units. A unit is a
 * byte or, where characters are drawn, a character. The options fill this in once;
 * the pump, its workers and their generators read it.
 */
struct job {
	struct stream stream; /* where the random bytes come from */
	bool fast;	      /* expand one key of the stream for each block: chacha.h */
	unsigned int jobs;    /* workers; 0: one for each CPU (cpus.h) */

	uint64_t count;			 /* units of a record; SIZE_INFINITY: no end */
	uint64_t repeat;		 /* records; SIZE_INFINITY: no end */
	const struct encoding *encoding; /* of the text of a record; NULL: raw bytes */
	uint64_t columns;		 /* of a line of text; 0: one line a record */
	bool newline;			 /* also after the last record */

	bool drawn;	    /* units are characters of this set */
	struct chars chars; /* where drawn; encoding is &encoding_chars then */
};

#endif
