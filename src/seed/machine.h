/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MACHINE_H
#define CRNG_MACHINE_H

/* The machine that made the seeds of a directory, by its file seed.machine. */

enum { MACHINE_NAME_MAX = 65 };

enum machine_match {
	MACHINE_NEW,	/* none is recorded, and this one can be */
	MACHINE_SAME,	/* as far as can be told: also where neither has an identity */
	MACHINE_OTHER,	/* another machine made them */
	MACHINE_UNKNOWN /* why says what is not known */
};

struct machine {
	enum machine_match match;
	const char *why; /* a static string, or NULL */

	/*
	 * 64 hexadecimal digits, the SHA-256 of "dmi:" and the UUID of DMI, or of "dt:"
	 * and the serial number of the device tree; "none" where there is neither; empty
	 * where it cannot be read.
	 */
	char name[MACHINE_NAME_MAX];
};

/*
 * Names this machine and compares it with the record in the open directory; -1: there is
 * no directory. The record is no secret, but often only root can read it, and the UUID.
 * Returns 0; -ELOOP or -EINVAL where the record is no regular file; or -errno, and then
 * the match is unknown.
 */
int machine_look(int dir, struct machine *machine);

/* Writes this machine to seed.machine.new, synced. Returns 0 or -errno. */
int machine_write(int dir, const struct machine *machine);

/* Puts that in the place of the record, durably. Returns 0 or -errno. */
int machine_record(int dir);

#endif
