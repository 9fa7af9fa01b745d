/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FILES_H
#define CRNG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The files of a directory that SeedRNG, BusyBox's seedrng and crng share. The name says
 * whether a seed may be credited; the bytes are raw.
 */
enum seed_kind { SEED_CREDITABLE, SEED_UNCREDITABLE, SEED_KINDS };

#define SEED_DIRECTORY "/var/lib/seedrng"
#define SEED_CREDIT_FILE "seed.credit"
#define SEED_NO_CREDIT_FILE "seed.no-credit"
#define SEED_MACHINE_FILE "seed.machine"

/* Left by a process that was killed; never read, and removed by the next run. */
#define SEED_NEW_FILE "seed.new"
#define SEED_NEW_MACHINE_FILE "seed.machine.new"

enum {
	SEED_BYTES = 32,      /* of a seed that crng writes: 256 bits */
	SEED_BYTES_READ = 512 /* at most, of a seed that others wrote */
};

struct stored_seed {
	size_t len; /* bytes; 0 where there is none */
	unsigned char bytes[SEED_BYTES_READ];
	bool there;
	mode_t mode; /* permission bits */
	uid_t owner;
	nlink_t links;
};

/*
 * For the rest of this process: it dumps no core, new files are for their owner alone,
 * and a limit of file size is an error, not a signal.
 */
void files_guard(void);

/* "seed.credit" or "seed.no-credit". */
const char *files_name(enum seed_kind kind);

/*
 * Reads the seed, up to SEED_BYTES_READ bytes. Returns 0, also where there is none;
 * -errno; -ELOOP for a link, and -EINVAL for anything else that is no regular file, which
 * is never opened.
 */
int files_read(int dir, const char *name, struct stored_seed *file);

/* Is the owner root, or the user who runs this? */
bool files_is_ours(uid_t owner);

/*
 * Writes n bytes to a new file and syncs it; what had this name before is removed first.
 * *exposed tells whether others can use it, whatever mode was asked for. Returns 0 or
 * -errno, and then nothing is left of it.
 */
int files_write_new(int dir, const char *name, const void *data, size_t n, bool *exposed);

/*
 * Puts seed.new in the place of the seed of that kind, durably, and then removes that of
 * the other kind. Returns 0 or -errno with *call naming what failed; if it was a sync,
 * the new seed is there, but not as a creditable one.
 */
int files_put(int dir, enum seed_kind kind, const char **call);

/* Takes the credit away from seed.credit, durably. Returns 0, also if there is none. */
int files_demote(int dir);

/*
 * Puts the new file in the place of name, and syncs both it and the directory. Returns 0
 * or -errno with *call naming what failed.
 */
int files_rename(int dir, const char *new, const char *name, const char **call);

#endif
