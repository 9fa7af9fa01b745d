/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FIELDS_H
#define CRNG_FIELDS_H

#include <stddef.h>

#include "status/facts.h"

/*
 * FIELD_MILLI is a number of thousandths that is shown as a decimal fraction; FIELD_BITS
 * one of bits, whose metric is in bytes, the base unit of Prometheus.
 */
enum field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_FLAG, FIELD_MILLI, FIELD_BITS };

/* One fact as the machine formats see it; they all loop over this table. */
struct field {
	const char *group; /* "pool"; "" at the top */
	const char
		*key; /* lower_snake, with the unit: "entropy_avail_bits"; NULL: hidden */
	enum field_type type;
	size_t offset;	    /* in struct facts */
	const char *metric; /* of Prometheus, with the unit; NULL: none */
	const char *help;
};

/* All facts but the lists: one without a row is never said to be unknown. */
extern const struct field fields[];
extern const size_t field_count;

/* Why it is unknown; NULL: it is known. */
const char *field_unknown(const struct field *field, const struct facts *facts);

/* Gives it that reason, which points to a static string. */
void field_excuse(const struct field *field, struct facts *facts, const char *why);

/* The value of a fact that is known: of a FIELD_TEXT; of any other, 0 and 1 of a flag. */
const char *field_text(const struct field *field, const struct facts *facts);
uint64_t field_number(const struct field *field, const struct facts *facts);

#endif
