/* SPDX-License-Identifier: MIT */
/*
 * Cuts the output into blocks that workers can make in parallel: the place of a block
 * alone tells how its text begins and ends.
 */
#include "bytes/records.h"

#include <string.h>

#include "base/number.h"

uint64_t records_units(const struct job *job)
{
	uint64_t units;

	if (job->count == SIZE_INFINITY || job->repeat == SIZE_INFINITY ||
	    __builtin_mul_overflow(job->count, job->repeat, &units))
		return SIZE_INFINITY;
	return units;
}

/* The most newlines that columns put into a text of length characters. */
static size_t breaks(const struct job *job, size_t length)
{
	return job->columns > 0 ? (size_t)(length / job->columns) + 1 : 0;
}

/* The longest text of that many units of a record, with its newlines. */
static size_t record_text(const struct job *job, size_t units)
{
	size_t length = encoding_length(job->encoding, units);

	return length + breaks(job, length) + 1;
}

static size_t record_units(const struct job *job)
{
	return job->count < RECORDS_BLOCK_UNITS ? (size_t)job->count
						: RECORDS_BLOCK_UNITS;
}

/* As many short records as fit into a block and, as text, into half of its room. */
static uint64_t records_in_block(const struct job *job)
{
	size_t units = record_units(job);

	if (job->count > RECORDS_BLOCK_UNITS || !job->encoding)
		return 1;

	size_t by_text = RECORDS_BLOCK_TEXT / 2 / record_text(job, units);
	size_t by_units = units > 0 ? RECORDS_BLOCK_UNITS / units : by_text;
	uint64_t records = by_text < by_units ? by_text : by_units;

	if (records > job->repeat)
		records = job->repeat;
	return records > 0 ? records : 1;
}

size_t records_units_max(const struct job *job)
{
	return (size_t)records_in_block(job) * record_units(job);
}

size_t records_text_max(const struct job *job)
{
	return (size_t)records_in_block(job) * record_text(job, record_units(job));
}

/* SIZE_INFINITY is counted down as well: at 10 GB/s that takes 58 years. */
bool records_next(const struct job *job, struct records_rest *rest,
		  struct records_block *block)
{
	if (rest->records == 0)
		return false;

	uint64_t records = records_in_block(job), left = job->count - rest->offset;

	*block = (struct records_block){
		.records = (size_t)(records < rest->records ? records : rest->records),
		.record_units = left < RECORDS_BLOCK_UNITS ? (size_t)left
							   : RECORDS_BLOCK_UNITS,
		.offset = rest->offset,
		.ends = left <= RECORDS_BLOCK_UNITS,
	};
	block->units = block->records * block->record_units;
	rest->offset += block->record_units;
	if (block->ends) {
		rest->offset = 0;
		rest->records -= block->records;
	}
	block->last = rest->records == 0;
	return true;
}

/*
 * Breaks n characters into lines, which may begin before them in the same memory, with a
 * newline before each character that would go beyond the last column. done characters of
 * the record come before these. Returns the number of characters written, at most
 * breaks() more than n.
 */
static size_t wrap(char *lines, const char *text, size_t n, uint64_t columns,
		   uint64_t done)
{
	uint64_t room = done == 0 ? columns : (columns - done % columns) % columns;
	char *at = lines;

	while (n > 0) {
		if (room == 0) {
			*at++ = '\n';
			room = columns;
		}
		size_t part = n < room ? n : (size_t)room;

		memmove(at, text, part);
		at += part;
		text += part;
		n -= part;
		room -= part;
	}
	return (size_t)(at - lines);
}

size_t records_text(const struct job *job, const struct records_block *block,
		    const uint8_t *units, char *text)
{
	const struct encoding *encoding = job->encoding;
	uint64_t done = block->offset / encoding->in * encoding->out;
	size_t ahead = breaks(job, encoding_length(encoding, block->record_units));
	char *at = text;

	for (size_t i = 0; i < block->records; i++, units += block->record_units) {
		size_t n = encoding->encode(at + ahead, units, block->record_units);

		if (job->columns > 0)
			n = wrap(at, at + ahead, n, job->columns, done);
		at += n;
		if (block->ends)
			*at++ = '\n';
	}
	if (block->last && !job->newline)
		at--;
	return (size_t)(at - text);
}
