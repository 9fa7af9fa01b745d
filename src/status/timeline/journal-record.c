/* SPDX-License-Identifier: MIT */
/*
 * Kernel log records as journald keeps them. A process that logs cannot choose the fields
 * that begin with an underscore (systemd.journal-fields(7)); where the transport is
 * "kernel", journald took SYSLOG_FACILITY from the record's own priority.
 */
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "base/number.h"
#include "status/timeline/kmsg.h"

/* Reads a field of decimal digits; false where it is missing or greater than limit. */
static bool get_number(const json_t *entry, const char *key, uint64_t limit,
		       uint64_t *value)
{
	const char *text = json_string_value(json_object_get(entry, key));

	return text && !number_parse(text, value) && *value <= limit;
}

/* MESSAGE is a string, or an array of bytes where it is not printable UTF-8. */
static bool get_message(const json_t *message, struct kmsg_record *out)
{
	size_t len = json_is_array(message) ? json_array_size(message)
					    : json_string_length(message);

	if (!json_is_array(message) && !json_is_string(message))
		return false;
	if (len > sizeof(out->text) - 1)
		len = sizeof(out->text) - 1;
	if (json_is_string(message))
		memcpy(out->text, json_string_value(message), len);
	for (size_t i = 0; json_is_array(message) && i < len; i++) {
		json_int_t byte = json_integer_value(json_array_get(message, i));

		if (byte < 0 || byte > UINT8_MAX)
			return false;
		out->text[i] = (char)byte;
	}
	out->text[len] = '\0';
	out->len = len;
	return true;
}

static bool get_record(const json_t *entry, struct kmsg_record *out)
{
	const char *transport = json_string_value(json_object_get(entry, "_TRANSPORT"));
	uint64_t facility, level, usec;

	if (!transport || strcmp(transport, "kernel") != 0 ||
	    !get_number(entry, "SYSLOG_FACILITY", UINT8_MAX, &facility) ||
	    !get_number(entry, "PRIORITY", 7, &level) ||
	    !get_number(entry, "_SOURCE_MONOTONIC_TIMESTAMP", KMSG_USEC_MAX, &usec))
		return false;
	out->facility = (unsigned int)facility;
	out->level = (unsigned int)level;
	out->seq = KMSG_SEQ_UNKNOWN;
	out->usec = (int64_t)usec;
	return get_message(json_object_get(entry, "MESSAGE"), out);
}

int kmsg_parse_journal(const char *line, size_t len, struct kmsg_record *out)
{
	/*
	 * Without this, jansson reads /dev/urandom. While the CRNG is not ready the
	 * kernel logs that, and up to 5.16 it begins fast init anew (urandom_read()). A
	 * fixed seed is enough, since nobody can flood this table of 20 keys.
	 */
	json_object_seed(1);

	json_t *entry = json_loadb(line, len, 0, NULL);
	bool is_record = entry && get_record(entry, out);

	json_decref(entry);
	return is_record ? 0 : -EINVAL;
}
