/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RECORDS_H
#define CRNG_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes/job.h"

/*
 * The most units that a worker makes at a time: whole pages, and whole groups of every
 * text form, so that text is padded only at the end of a record.
 */
#define RECORDS_BLOCK_UNITS ((size_t)120 * 1024)

/* The longest text of a block: two digits a byte, and each on a line of its own. */
#define RECORDS_BLOCK_TEXT (4 * RECORDS_BLOCK_UNITS + 2)

/* What is still to be cut into blocks. */
struct records_rest {
	uint64_t records;
	uint64_t offset; /* units of the first of them that have been cut off */
};

/* What a worker makes at a time. */
struct records_block {
	size_t records;	     /* a number of whole records; or 1: one of them, or a part */
	size_t record_units; /* in this block, of each record */
	size_t units;	     /* of all records */
	uint64_t offset;     /* units of the record that come before this block */
	bool ends;	     /* this block completes its record */
	bool last;	     /* no block follows */
};

/* All units of the output; SIZE_INFINITY where there is no end or no such number. */
uint64_t records_units(const struct job *job);

/* Cuts the next block off; returns false when nothing is left. */
bool records_next(const struct job *job, struct records_rest *rest,
		  struct records_block *block);

/* The most units, and the most characters of text, that a block of the job can have. */
size_t records_units_max(const struct job *job);
size_t records_text_max(const struct job *job);

/*
 * Writes the text of the block, which is made from its random units, to text, where
 * records_text_max() characters are enough. Returns the number of characters. Depends on
 * no other block.
 */
size_t records_text(const struct job *job, const struct records_block *block,
		    const uint8_t *units, char *text);

#endif
