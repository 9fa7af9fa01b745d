/* SPDX-License-Identifier: MIT */
/*
 * Invariant: a seed that came along in a cloned image earns no credit. So the directory
 * records which machine made its seeds, by something that is not on the disk, and the
 * record is durable before a seed that it vouches for has its name. The order of the
 * system calls:
 *
 *     unlink(seed.machine.new), open(O_EXCL), write, fsync, close      machine_write()
 *     rename(seed.machine.new, seed.machine), fsync(seed.machine), fsync(directory)
 *                                                                      machine_record()
 */
#include "seed/machine.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/identity.h"
#include "base/root.h"
#include "base/text.h"
#include "seed/files.h"

#define NO_IDENTITY "none"

/* Trims trailing white space, and converts to lowercase. */
static void tidy(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
}

/* All digits are the same, as in "0000-0000": nobody has set it. */
static bool is_uniform(const char *text)
{
	char first = '\0';

	for (; *text; text++) {
		if (*text == '-')
			continue;
		if (first && *text != first)
			return false;
		first = *text;
	}
	return true;
}

/* What vendors leave where an identity should be. */
static bool is_placeholder(const char *text)
{
	static const char *const known[] = {
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"03020100-0504-0706-0809-0a0b0c0d0e0f",
		"00010203-0405-0607-0809-0a0b0c0d0e0f",
		"12345678-1234-5678-90ab-cddeefaabbcc",
		"11111111-2222-3333-4444-555555555555",
		"10000000-0000-8000-0040-000000000000",
		"fefefefe-fefe-fefe-fefe-fefefefefefe",
		"0123456789",
		"1234567890",
		"123456789",
		"not settable",
		"not present",
		"not specified",
		"not available",
		"default string",
		"system serial number",
		"to be filled by o.e.m.",
		"unknown",
		"none",
		"n/a",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(text, known[i]) == 0)
			return true;
	return is_uniform(text);
}

static void name_by(const char *kind, const char *identity, char name[MACHINE_NAME_MAX])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[IDENTITY_MAX + 8];
	int len = snprintf(text, sizeof(text), "%s:%s", kind, identity);

	crypto_hash_sha256(hash, (const unsigned char *)text, (unsigned long long)len);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(name + 2 * i, 3, "%02x", hash[i]);
}

static bool is_missing(int error)
{
	return error == -ENOENT || error == -ENOTDIR;
}

/* Returns NULL or why this machine has no name. */
static const char *name_machine(char name[MACHINE_NAME_MAX])
{
	struct identity identity;

	name[0] = '\0';
	identity_read(&identity);
	tidy(identity.product_uuid);
	tidy(identity.serial_number);
	if (identity.uuid_error && !is_missing(identity.uuid_error))
		return text_error(-identity.uuid_error);
	if (identity.serial_error && !is_missing(identity.serial_error))
		return text_error(-identity.serial_error);
	if (!is_placeholder(identity.product_uuid))
		name_by("dmi", identity.product_uuid, name);
	else if (!is_placeholder(identity.serial_number))
		name_by("dt", identity.serial_number, name);
	else if (root_exists(ROOT_LIVE, "/sys/kernel") == 1)
		strcpy(name, NO_IDENTITY);
	else
		return "sysfs is not mounted";
	return NULL;
}

/* Is it "none" or 64 hexadecimal digits, and a newline? Cuts the newline off. */
static bool is_record(char *text, size_t len)
{
	if (len == 0 || strlen(text) != len || text[len - 1] != '\n')
		return false;
	text[--len] = '\0';
	return strcmp(text, NO_IDENTITY) == 0 ||
	       (len == MACHINE_NAME_MAX - 1 && strspn(text, "0123456789abcdef") == len);
}

/* What the record says, if there is one and it is understood. */
static void compare(const struct stored_seed *file, struct machine *machine)
{
	char record[SEED_BYTES_READ + 1];

	memcpy(record, file->bytes, file->len);
	record[file->len] = '\0';
	if (machine->why)
		machine->match = MACHINE_UNKNOWN;
	else if (!file->there)
		machine->match = MACHINE_NEW;
	else if (is_record(record, file->len))
		machine->match = strcmp(record, machine->name) == 0 ? MACHINE_SAME
								    : MACHINE_OTHER;
	else
		machine->why = SEED_MACHINE_FILE " is not understood";
}

int machine_look(int dir, struct machine *machine)
{
	struct stored_seed file = { .there = false };
	int rc = dir >= 0 ? files_read(dir, SEED_MACHINE_FILE, &file) : 0;

	machine->match = MACHINE_UNKNOWN;
	machine->why = name_machine(machine->name);
	if (rc == 0)
		compare(&file, machine);
	else
		machine->why = text_error(-rc);
	return rc;
}

int machine_write(int dir, const struct machine *machine)
{
	char text[MACHINE_NAME_MAX + 1];
	bool exposed;
	int len = snprintf(text, sizeof(text), "%s\n", machine->name);

	return files_write_new(dir, SEED_NEW_MACHINE_FILE, text, (size_t)len, &exposed);
}

int machine_record(int dir)
{
	const char *call;

	return files_rename(dir, SEED_NEW_MACHINE_FILE, SEED_MACHINE_FILE, &call);
}
