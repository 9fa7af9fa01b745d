/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FIELDS_H
#define CRNG_FIELDS_H

#include <stddef.h>

#include "status/facts.h"

/*
 * FIELD_WORDS is a text of words separated by blanks, "none" if there are none; JSON has
 * them as an array. FIELD_MILLI is a number of thousandths that is shown as a decimal
 * fraction; FIELD_BITS one of bits, whose metric is in bytes, the base unit of
 * Prometheus.
 */
enum field_type {
	FIELD_TEXT,
	FIELD_WORDS,
	FIELD_NUMBER,
	FIELD_FLAG,
	FIELD_MILLI,
	FIELD_BITS
};

/* One fact as the machine formats see it; they all loop over this table. */
struct field {
	const char *group; /* "pool"; "" at the top; NULL: no format shows the fact */
	const char *key;   /* lower_snake, with the unit: "entropy_avail_bits" */
	enum field_type type;
	size_t offset;	    /* in struct facts */
	const char *metric; /* of Prometheus, with the unit; NULL: none */
	const char *help;
};

/* All facts except the lists. facts_init() knows only facts that have a row here. */
extern const struct field fields[];
extern const size_t field_count;

/* Why it is unknown; NULL: it is known. */
const char *field_unknown(const struct field *field, const struct facts *facts);

/* Makes it unknown for that reason, which points to a static string. */
void field_excuse(const struct field *field, struct facts *facts, const char *why);

/* Is its value a text, words included? */
bool field_is_text(const struct field *field);

/*
 * The value of a known fact: its text where field_is_text(), else its number; 0 or 1 for
 * a flag.
 */
const char *field_text(const struct field *field, const struct facts *facts);
uint64_t field_number(const struct field *field, const struct facts *facts);

#endif
