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
#include "status/timeline/events.h"
#include "status/timeline/kmsg.h"
#include "status/timeline/timeline.h"

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

/* Returns NULL where the line is not JSON. */
static json_t *load(const char *line, size_t len)
{
	/*
	 * Without this, jansson reads /dev/urandom. While the CRNG is not ready the
	 * kernel logs that, and up to 5.16 it begins fast init anew (urandom_read()). A
	 * fixed seed is enough, since nobody can flood this table of 20 keys.
	 */
	json_object_seed(1);
	return json_loadb(line, len, 0, NULL);
}

int kmsg_parse_journal(const char *line, size_t len, struct kmsg_record *out)
{
	json_t *entry = load(line, len);
	bool is_record = entry && get_record(entry, out);

	json_decref(entry);
	return is_record ? 0 : -EINVAL;
}

/* SD_MESSAGE_JOURNAL_MISSED of sd-messages.h. */
static bool is_missed(const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "MESSAGE_ID"));

	return id && strcmp(id, "e9bf28e6e834481bb6f48f548ad13606") == 0;
}

static bool get_boot_id(const json_t *entry, char id[33])
{
	const char *text = json_string_value(json_object_get(entry, "_BOOT_ID"));
	size_t len = text ? strspn(text, "0123456789abcdef") : 0;

	if (len != 32 || text[len] != '\0')
		return false;
	memcpy(id, text, len + 1);
	return true;
}

static void get_unit(const json_t *entry, char unit[64])
{
	const char *text = json_string_value(json_object_get(entry, "_SYSTEMD_UNIT"));

	unit[0] = '\0';
	if (text && strlen(text) < 64)
		strcpy(unit, text);
}

static void get_kernel(const json_t *object, struct timeline_entry *entry)
{
	struct kmsg_record record;

	entry->kernel = get_record(object, &record);
	if (!entry->kernel) {
		if (!get_message(json_object_get(object, "MESSAGE"), &record))
			record.text[0] = '\0';
	} else {
		entry->forged = record.facility != 0;
		entry->begins = !entry->forged && timeline_begins(&record);
		entry->is_event = timeline_parse_text(record.text, record.len,
						      &entry->event);
		entry->event.usec = record.usec;
	}
	memcpy(entry->text, record.text, sizeof(entry->text));
}

int timeline_parse_entry(const char *line, size_t len, struct timeline_entry *entry)
{
	json_t *object = load(line, len);
	uint64_t wall, arrival;
	bool valid = object && get_boot_id(object, entry->boot_id) &&
		     get_number(object, "__REALTIME_TIMESTAMP", INT64_MAX, &wall) &&
		     get_number(object, "__MONOTONIC_TIMESTAMP", KMSG_USEC_MAX, &arrival);

	if (valid) {
		entry->wall = (int64_t)wall;
		entry->arrival = (int64_t)arrival;
		entry->missed = is_missed(object);
		get_unit(object, entry->unit);
		get_kernel(object, entry);
	}
	json_decref(object);
	return valid ? 0 : -EINVAL;
}
