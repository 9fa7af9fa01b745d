/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HISTORY_H
#define CRNG_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status/timeline/timeline.h"

/*
 * The boots that the journal of the machine and wtmp remember, and what the journal tells
 * about the RNG of each. Unless noted, times below are in microseconds since that boot,
 * -1 if unknown.
 */

enum {
	HISTORY_MAX = 1000, /* boots */
	HISTORY_READERS = 8,
	HISTORY_ID_SIZE = 33,
	HISTORY_SAID_SIZE = 64,
};

/* A program that read /dev/urandom before the RNG was ready. */
struct history_reader {
	char who[64]; /* its name, escaped */
	uint64_t reads;
};

struct history_boot {
	char id[HISTORY_ID_SIZE]; /* 32 hexadecimal digits; "": only wtmp has the boot */
	int offset;		  /* as of journalctl(1), 0 being the newest */
	bool has_offset;	  /* false where only wtmp has the boot */
	bool running;		  /* it is still running */
	int64_t began;		  /* microseconds since the epoch, by the clock then */
	int64_t began_late;	  /* the same by the clock when the log ended */
	bool kernel;		  /* the journal has messages of its kernel */
	bool begins;		  /* the first one included */
	const char *doubt;	  /* NULL, or why some may be missing; a static string */
	int64_t ready;		  /* when the RNG was ready, as the kernel logged it */
	enum timeline_kind ready_kind;
	bool fast_init;		/* the kernel logged that */
	bool fast_may_be_ready; /* and it may be one that takes that for ready */
	int64_t seeded;		/* when crng seed logged that it had credited a seed */
	char seeded_said[HISTORY_SAID_SIZE]; /* in these words */
	int64_t last;			     /* the latest entry that was read */
	bool ends;			     /* it is the last one of the boot */
	uint64_t early_reads;		     /* of /dev/urandom */
	uint64_t unnamed; /* of these, those whose programs were not kept */
	size_t readers;
	struct history_reader reader[HISTORY_READERS]; /* those of early_reads */
	uint64_t reseeds; /* after a virtual machine was cloned */
};

/* The strings are static. */
struct history {
	const char *unknown; /* NULL, or why it is not known which boots there were */
	const char *empty;   /* NULL, or why the list is empty although it is known */
	const char *older_unknown; /* NULL, or why older boots may be missing */
	const char *gaps; /* NULL, or why entries may be missing from these boots */
	size_t count;
	struct history_boot boot[HISTORY_MAX + 1]; /* the oldest first */
};

/* Which boot is meant: an ID, or the newest or oldest one, plus an offset in boots. */
struct history_wanted {
	char id[HISTORY_ID_SIZE]; /* "": by offset alone */
	bool from_oldest;	  /* an offset alone that counts from 1, the oldest */
	int64_t offset;
};

/* What the log of one boot tells. */
struct history_log {
	struct timeline timeline;
	char version[512]; /* what follows "Linux version "; "" if that is not there */
	char cmdline[512]; /* what follows "Kernel command line: " */
	bool has_cmdline;
	bool cmdline_cut; /* it is longer than that */
};

/*
 * Parses what journalctl --boot takes, except "all": [+|-]NUMBER, or an ID of 32
 * hexadecimal digits or as a UUID, with or without such an offset. Returns 0 or -EINVAL.
 * Pure.
 */
int history_parse(const char *text, struct history_wanted *wanted);

/*
 * Reads the newest boots, at most max of them. tree is NULL for the running system, else
 * the path of a captured tree or of the root of another system. Gives journalctl(1) a
 * patience (child.h) of 5 s; only the system journals of the machine itself count, which
 * crng finds and opens. Returns 0, or -errno where the tree cannot be opened.
 */
int history_collect(const char *tree, size_t max, struct history *history);

/*
 * Reads one boot. Returns 0; -ESRCH if there is no such boot; -ENODATA if that is not
 * known, with the reason in *why; or another -errno where the tree cannot be opened.
 */
int history_collect_boot(const char *tree, const struct history_wanted *wanted,
			 struct history_boot *boot, struct history_log *log,
			 const char **why);

/*
 * Why it is not known when the RNG of a boot became ready, a static string; NULL: it is
 * known, or known that it did not become ready before the log ends.
 */
const char *history_why_unknown(const struct history_boot *boot);

/* Was all read that the kernel logged, so that what was not seen did not happen? */
bool history_is_whole(const struct history_boot *boot);

/*
 * Why an event may be missing, a static string; NULL: history_is_whole().
 */
const char *history_why_partial(const struct history_boot *boot);

/* Was the RNG not ready by the last entry of the log, or the latest one so far? */
bool history_not_ready(const struct history_boot *boot);

/* What made the RNG ready, as far as the log tells. */
enum history_cause { HISTORY_CAUSE_UNKNOWN, HISTORY_CPU, HISTORY_SEED };

enum history_cause history_cause(const struct history_boot *boot);

/* Its name in machine formats, "trusted_cpu"; "" if it is unknown. */
const char *history_cause_name(enum history_cause cause);

#endif
