/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RECORDS_H
#define CRNG_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes/encode.h"

/*
 * A block of random bytes or characters, what a worker makes at a time: whole pages, and
 * whole groups of every text form, so that text is padded nowhere but at its end.
 */
#define RECORDS_BLOCK_UNITS ((size_t)120 * 1024)

/* The longest text of a block: two digits a byte, and each on a line of its own. */
#define RECORDS_BLOCK_TEXT (4 * RECORDS_BLOCK_UNITS + 2)

/* What the output looks like: records one behind the other, each of units, in lines. */
struct blocks {
	const struct encoding *encoding; /* NULL: raw bytes */
	uint64_t count;			 /* units, SIZE_INFINITY (number.h): no end */
	uint64_t repeat;		 /* records, SIZE_INFINITY: no end */
	uint64_t columns;		 /* of a line of text; 0: one line a record */
	bool newline;			 /* behind the last record, too */
};

/* What is still to be cut into blocks. */
struct records_rest {
	uint64_t records;
	uint64_t offset; /* in the first of them */
};

struct records_block {
	size_t records; /* as many whole ones; or one, or a part of one */
	size_t units;	/* of each */
	uint64_t offset;
	bool ends; /* the record, here */
	bool last; /* of all */
};

/* All units of the output; SIZE_INFINITY where there is no end or no such number. */
uint64_t records_units(const struct blocks *blocks);

/* Cuts the next block off; returns false when nothing is left. */
bool records_next(const struct blocks *blocks, struct records_rest *rest,
		  struct records_block *block);

/* The most units, and the most characters of text, that a block of these can have. */
size_t records_units_max(const struct blocks *blocks);
size_t records_text_max(const struct blocks *blocks);

/*
 * Writes to text (records_text_max() characters are enough) the text of the block, from
 * its units random bytes or characters. Returns the number of characters. Depends on no
 * other block.
 */
size_t records_text(const struct blocks *blocks, const struct records_block *block,
		    const uint8_t *bytes, char *text);

#endif
