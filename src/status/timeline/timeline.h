/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TIMELINE_H
#define CRNG_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The life of the RNG since boot, as the kernel logged it. "Kernel" below is
 * drivers/char/random.c of Linux 3.16 to 6.19, from which the messages are taken.
 */

enum timeline_kind {
	TIMELINE_URANDOM_EARLY,	 /* who read bytes of /dev/urandom before ready */
	TIMELINE_KERNEL_EARLY,	 /* kernel code (who: symbol) did the like */
	TIMELINE_SUPPRESSED,	 /* "missed" more warnings of either sort */
	TIMELINE_FAST_INIT,	 /* fast init done: 4.8 to 5.18; ready then to 4.16 */
	TIMELINE_READY,		 /* crng init done */
	TIMELINE_READY_TRUSTED,	 /* ready because the CPU's instruction is trusted */
	TIMELINE_POOL_READY,	 /* nonblocking pool is initialized: ready, 3.13 to 4.7 */
	TIMELINE_RESEED_RESUME,	 /* reseeded after suspend, 5.19 */
	TIMELINE_RESEED_VM_FORK, /* reseeded because the VM was cloned, 5.19 */
	TIMELINE_NO_CYCLE_COUNTER, /* no timer that jitter can use, 5.19 */
	TIMELINE_CPU_UNRELIABLE,   /* RDRAND failed its test: not used */
	TIMELINE_HWRNG_NO_DATA,	   /* the hardware generator gave nothing, to 6.0 */
	TIMELINE_EFI_SEED,	   /* EFI gave a seed, 4.10 to 6.1 */
	TIMELINE_KINDS
};

/* At most so many events of one kind are kept: the first ones, and the latest. */
enum { TIMELINE_KEEP = 64, TIMELINE_MAX = TIMELINE_KINDS * TIMELINE_KEEP };

struct timeline_event {
	enum timeline_kind kind;
	int64_t usec; /* since boot, on the kernel log's clock, which stops in suspend
			 and may run ahead; of a running system never later than now */
	char who[64]; /* process name or kernel symbol, escaped; "" where none is told */
	uint64_t bytes;	 /* URANDOM_EARLY: so many were read; 0: not told */
	uint64_t missed; /* SUPPRESSED: so many warnings */
	uint64_t reads;	 /* of /dev/urandom that it stands for, before ready */
	int64_t bits;	 /* of entropy at that moment; -1: not told */
};

struct timeline {
	const char *unknown; /* NULL, or why there is none; lives for ever */
	const char *origin;  /* "/dev/kmsg", "journal", "dmesg": where events come from */
	const char *not_kmsg; /* NULL, or why origin is not /dev/kmsg; lives for ever */
	bool proven;	  /* false (dmesg only): any process may have written events */
	bool wrapped;	  /* records of the early boot are lost: nothing follows from
				 an event's absence */
	uint64_t records; /* of the kernel that were read */
	uint64_t lost;	  /* records that were overwritten while they were read */
	uint64_t spoofed; /* ignored: say what the RNG says, but a process wrote them */
	uint64_t dropped; /* events beyond TIMELINE_KEEP of their kind */
	uint64_t early_reads; /* of /dev/urandom before ready: those in events, those
				 dropped, and those that the kernel only counted */
	int64_t boot_usec;    /* boot_time_usec(): wall clock at boot; < 0: not known */
	size_t count;
	struct timeline_event events[TIMELINE_MAX]; /* in the log's order */
};

/*
 * Collects the timeline. root is IO_LIVE_ROOT: /dev/kmsg of the running kernel or, where
 * that cannot be read or has lost the moment of readiness, the journal of this boot
 * (journalctl(1) as a child for at most 2 s). Any other root is a captured tree: the
 * regular file dev/kmsg, records as read(2) gives them, else the file dmesg, lines of
 * dmesg(1). Never fails, waits for nothing but journalctl, needs no privilege.
 */
void timeline_collect(int root, struct timeline *timeline);

/* Copies the timeline, but not the part of events[] that is not used. */
void timeline_copy(struct timeline *to, const struct timeline *from);

/*
 * The moment the CRNG became ready: the first event of READY, READY_TRUSTED or
 * POOL_READY; NULL: not logged. The kernel logs just after it became ready.
 */
const struct timeline_event *timeline_ready(const struct timeline *timeline);

/* The name of a kind of event in machine formats, a static string: "fast_init". */
const char *timeline_kind_name(enum timeline_kind kind);

/* Has an event of that kind been logged, by what is left of the log? */
bool timeline_has(const struct timeline *timeline, enum timeline_kind kind);

/*
 * Is the text of a record one of the RNG's messages? The whole text must be one, so that
 * a command line or a process name that quotes one is none. Fills all of *out but usec;
 * returns false, and leaves *out undefined, where it is none.
 */
bool timeline_parse_text(const char *text, size_t len, struct timeline_event *out);

#endif
