/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TIMELINE_H
#define CRNG_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The life of the RNG since boot, as the kernel logged it. "Kernel" below is
 * drivers/char/random.c of Linux 3.16 to 7.1, from which the messages are taken.
 */

enum timeline_kind {
	TIMELINE_URANDOM_EARLY, /* a process (who) read /dev/urandom before readiness */
	TIMELINE_KERNEL_EARLY,	/* kernel code (who: its symbol) took bytes before it;
				 never logged since 7.0, and seldom since 5.19 */
	TIMELINE_SUPPRESSED,	/* "missed" more warnings of these two kinds */
	TIMELINE_FAST_INIT, /* fast init done: 4.8 to 5.18; up to 4.16 it means ready */
	TIMELINE_READY,	    /* crng init done */
	TIMELINE_READY_TRUSTED,	 /* ready because the CPU's instruction is trusted */
	TIMELINE_POOL_READY,	 /* nonblocking pool is initialized: ready, 3.13 to 4.7 */
	TIMELINE_RESEED_RESUME,	 /* reseeded after suspend, 5.19 */
	TIMELINE_RESEED_VM_FORK, /* reseeded because the VM was cloned, 5.19 */
	TIMELINE_NO_CYCLE_COUNTER,  /* no timer that jitter can use, 5.19 */
	TIMELINE_CPU_UNRELIABLE,    /* RDRAND failed its test: not used */
	TIMELINE_RDSEED_UNRELIABLE, /* RDSEED is not used; RDRAND still is */
	TIMELINE_HWRNG_NO_DATA,	    /* the hardware generator gave nothing, up to 6.0 */
	TIMELINE_EFI_SEED,	    /* the EFI firmware gave a seed, 4.10 to 6.1 */
	TIMELINE_KINDS
};

/* At most TIMELINE_KEEP events of a kind are kept: the first ones and the latest. */
enum { TIMELINE_KEEP = 64, TIMELINE_MAX = TIMELINE_KINDS * TIMELINE_KEEP };

struct timeline_event {
	enum timeline_kind kind;
	int64_t usec;	 /* since boot, on the kernel log's clock, which stops in suspend
			 and may run ahead; of a running system never later than now */
	char who[64];	 /* process name or kernel symbol, escaped; "" if not logged */
	uint64_t bytes;	 /* URANDOM_EARLY: the number read; 0: not logged */
	uint64_t missed; /* SUPPRESSED: the number of warnings */
	uint64_t reads;	 /* early ones of /dev/urandom that the event stands for */
	int64_t bits;	 /* of entropy at that moment; -1: not logged */
};

struct timeline {
	const char *unknown; /* NULL, or a static string: why there is none */
	const char *origin;  /* "/dev/kmsg", "journal", "dmesg": where events come from */
	const char *not_kmsg; /* NULL, or a static string: why origin is not /dev/kmsg */
	bool proven;	  /* false (dmesg only): any process may have written events */
	bool wrapped;	  /* records of the early boot are lost: nothing follows from
				 an event's absence */
	uint64_t records; /* of the kernel, as many as were read */
	uint64_t lost;	  /* records that were overwritten while they were read */
	uint64_t spoofed; /* ignored: a process wrote what looks like one */
	uint64_t dropped; /* events beyond TIMELINE_KEEP of their kind */
	uint64_t early_reads; /* of /dev/urandom before ready: those in events, those
				 dropped, and those that the kernel only counted */
	size_t count;
	struct timeline_event events[TIMELINE_MAX]; /* in the log's order */
};

/*
 * Collects the timeline. Where root is ROOT_LIVE, reads /dev/kmsg of the running
 * kernel or, if that is unreadable or has lost the moment of readiness, the journal of
 * this boot (runs journalctl(1) for at most 2 s). Any other root is a captured tree:
 * reads the regular file dev/kmsg, with records as read(2) gives them, or else the file
 * dmesg, with lines of dmesg(1). Never fails, waits for nothing but journalctl, needs no
 * privilege.
 */
void timeline_collect(int root, struct timeline *timeline);

/* Copies the timeline, except the unused part of events[]. */
void timeline_copy(struct timeline *to, const struct timeline *from);

/*
 * The moment when the CRNG became ready: the first event of READY, READY_TRUSTED or
 * POOL_READY; NULL: not logged. The kernel logs it just afterwards.
 */
const struct timeline_event *timeline_ready(const struct timeline *timeline);

/* What an entry of the journal tells about the boot that it belongs to. */
struct timeline_entry {
	char boot_id[33]; /* 32 hexadecimal digits, lower case */
	int64_t wall;	  /* microseconds since the epoch, when journald got it */
	int64_t arrival;  /* the same moment in microseconds since boot */
	bool missed;	  /* journald has missed messages of the kernel */
	bool kernel;	  /* a record of the kernel log; else the next four are not set */
	bool forged;	  /* a process wrote the record */
	bool begins;	  /* the record is the first one of a boot */
	bool is_event;	  /* its text is one of the RNG's messages */
	struct timeline_event event; /* usec is set where is_event is not, too */
	char unit[64];		     /* "" if systemd did not start what logged it */
	char text[512]; /* not escaped, may hold any byte, truncated to this size */
};

/*
 * Parses one line of journalctl(1) -o json. Fields that are missing, too long or of
 * another type do no harm. Returns 0, or -EINVAL for what has no boot ID or no time.
 * Fields: systemd.journal-fields(7). Pure.
 */
int timeline_parse_entry(const char *line, size_t len, struct timeline_entry *entry);

/* Empties the timeline, for the entries of one boot; events[] may hold anything. */
void timeline_begin_journal(struct timeline *timeline);

/* Adds an entry of that boot if it is a kernel record; in the journal's order. */
void timeline_add_entry(struct timeline *timeline, const struct timeline_entry *entry);

/* The name of a kind of event in machine formats, a static string: "fast_init". */
const char *timeline_kind_name(enum timeline_kind kind);

/*
 * Is no record missing? Only the numbered records of the kernel itself show that, and
 * only then does the absence of an event prove something.
 */
bool timeline_is_complete(const struct timeline *timeline);

/* Is there an event of that kind in what is left of the log? */
bool timeline_has(const struct timeline *timeline, enum timeline_kind kind);

/*
 * Is the text of a record one of the RNG's messages? The whole text must be one, so a
 * command line or a process name that quotes a message does not count. Fills all of *out
 * except usec; where the text is no message, returns false and leaves *out undefined.
 */
bool timeline_parse_text(const char *text, size_t len, struct timeline_event *out);

#endif
