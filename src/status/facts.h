/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FACTS_H
#define CRNG_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "status/seeds.h"
#include "status/timeline/timeline.h"
#include "status/waiters/waiters.h"

enum { FACT_TEXT_MAX = 256 };

/*
 * One thing that is known, or not. unknown is NULL when it is known, else the reason, a
 * string that lives for ever. Which of number and text holds the value is said by the row
 * in fields.c; a yes or no is a number. text is escaped (text.h) when it is stored.
 */
struct fact {
	const char *unknown;
	uint64_t number;
	char text[FACT_TEXT_MAX];
};

/*
 * All that status can say: scalars first, each of them a struct fact, then the lists. A
 * scalar that no collector has filled is unknown.
 */
struct facts {
	struct fact verdict;	    /* text: ready, early, not ready */
	struct fact verdict_source; /* text: what told so */
	struct fact verdict_errno;  /* number: of the probe; 0: it was answered */
	struct fact ready_ms;	    /* since boot, as the kernel logged it */
	struct fact weak;	    /* yes/no: ready by fast init alone */

	struct fact kernel_release;
	struct fact kernel_machine;
	struct fact era;	      /* text: how this kernel's RNG works */
	struct fact grnd_insecure;    /* yes/no: GRND_INSECURE, Linux 5.6 */
	struct fact unified_random;   /* yes/no: /dev/random is the CRNG too, Linux 5.6 */
	struct fact jitter_seeding;   /* yes/no: a blocking call gathers, 5.4 */
	struct fact vdso_getrandom;   /* yes/no: Linux 6.11 */
	struct fact reseed_ioctl;     /* yes/no: RNDRESEEDCRNG, 4.17 and 4.14.36 */
	struct fact fast_init_enough; /* yes/no: getrandom(2) waits no longer than that */

	struct fact trust_cpu;		     /* text: on, off; of the command line */
	struct fact trust_bootloader;	     /* text: on, off; random.trust_bootloader */
	struct fact default_quality;	     /* rng_core.default_quality, of 1024 */
	struct fact nordrand;		     /* yes/no: on the command line */
	struct fact config_trust_cpu;	     /* text: y, n, absent; RANDOM_TRUST_CPU */
	struct fact config_trust_bootloader; /* text: y, n, absent */

	struct fact entropy_avail; /* bits */
	struct fact poolsize;	   /* bits */
	struct fact rndgetentcnt;  /* bits, by ioctl(2) */
	struct fact pool_counts;   /* yes/no: entropy_avail is progress */
	struct fact pool_needed;   /* bits in it that make the CRNG ready */
	struct fact pool_drained;  /* yes/no: readers of /dev/random take from it */

	struct fact cpu_rng;	     /* text: instructions, "none" */
	struct fact cpu_trusted;     /* yes/no: what it gives is credited */
	struct fact cpu_trust_why;   /* text */
	struct fact hwrng_current;   /* text */
	struct fact hwrng_available; /* text */
	struct fact hwrng_selected;  /* yes/no: chosen by the administrator */
	struct fact hwrng_quality;   /* bits credited of 1024 read */
	struct fact virtio_rng;	     /* text: absent, bound, unbound */
	struct fact efi;	     /* yes/no: booted by EFI */
	struct fact device_tree;     /* yes/no: booted with a device tree */
	struct fact tpm;	     /* yes/no */
	struct fact vmgenid;	     /* yes/no: the driver is bound to a device */
	struct fact daemons;	     /* text: entropy daemons that run, "none" */
	struct fact daemons_useful;  /* yes/no: they could help to become ready */
	struct fact daemons_useless; /* text: units of those that could not */
	struct fact monitors;	     /* text: monitoring agents that run, "none" */

	struct fact container;	      /* text: kind, "none" */
	struct fact virtualization;   /* text: kind, "none" */
	struct fact boot_time;	      /* seconds since the epoch */
	struct fact uptime;	      /* seconds */
	struct fact boot_before_last; /* seconds since the epoch */
	struct fact early_host_key;   /* text: path, or none; made before ready */

	struct seeds seeds;
	struct timeline timeline;
	struct waiters waiters;
};

/* Makes every scalar unknown and every list empty. */
void facts_init(struct facts *facts);

/* Copies all, but not the unused parts of the lists. */
void facts_copy(struct facts *to, const struct facts *from);

/* Gives all that is unknown for the reason from, the lists too, another one. */
void facts_excuse(struct facts *facts, const char *from, const char *why);

/* The reason of what no collector has filled. */
extern const char facts_not_collected[];

void fact_number(struct fact *fact, uint64_t number);
void fact_text(struct fact *fact, const char *text);
void fact_unknown(struct fact *fact, const char *why);

/* Is it known, and yes (or a number above 0)? Known, and no? Known, and that text? */
bool fact_yes(const struct fact *fact);
bool fact_no(const struct fact *fact);
bool fact_is(const struct fact *fact, const char *text);

/* Has getrandom(2) answered that the CRNG is ready; that it is not (early included)? */
bool facts_ready(const struct facts *facts);
bool facts_not_ready(const struct facts *facts);

/* Has the kernel the RNG of 2022: a pool of 256 bits (5.18, and stable trees)? */
bool facts_have_rewrite(const struct facts *facts);

/*
 * May the kernel have random.trust_cpu? RANDOM_TRUST_CPU, absent from the configuration
 * from 6.2 on, is absent also before 4.19, and there the switch is as well.
 */
bool facts_have_trust_cpu(const struct facts *facts);

#endif
