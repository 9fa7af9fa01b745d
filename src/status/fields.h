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

/* One scalar fact as the machine formats see it; they all loop over this table. */
struct field {
	const char *group; /* "pool"; "" at the top */
	const char *key;   /* lower_snake, with the unit: "entropy_avail_bits" */
	enum field_type type;
	size_t offset;	    /* in struct facts */
	const char *metric; /* of Prometheus, with the unit; NULL: none */
	const char *help;
};

extern const struct field fields[];
extern const size_t field_count;

/* The fact that the row is about. */
const struct fact *field_fact(const struct field *field, const struct facts *facts);

#endif
