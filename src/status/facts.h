/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FACTS_H
#define CRNG_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status/seeds.h"
#include "status/timeline/timeline.h"
#include "status/waiters/waiters.h"

enum {
	FACT_TEXT_MAX = 256,
	/* Of the pool since Linux 5.18, and in stable trees since 2022. */
	FACTS_REWRITE_BITS = 256,
};

/*
 * One thing that is known, or not: a number, a yes or no, or a text. unknown is NULL when
 * it is known, else the reason, which points to a static string. text is escaped (text.h)
 * when it is stored.
 */
struct fact_number {
	const char *unknown;
	uint64_t number;
};

struct fact_flag {
	const char *unknown;
	bool yes;
};

struct fact_text {
	const char *unknown;
	char text[FACT_TEXT_MAX];
};

enum { HOST_KEYS_MAX = 32 };

/* The private host keys in /etc/ssh, of which only the names and times are read. */
struct host_keys {
	const char *unknown;
	bool more; /* there are more keys than list has room for */
	size_t count;
	struct host_key {
		char path[FACT_TEXT_MAX];
		int64_t modified; /* seconds since the epoch */
	} list[HOST_KEYS_MAX];
};

/*
 * All that status can say: single facts first, each with a row in fields.c, then the
 * lists. A fact that no collector has filled is unknown.
 */
struct facts {
	struct fact_text time;		  /* of the look, "2026-11-29T15:04:05Z" */
	struct fact_text boot_id;	  /* a UUID */
	struct fact_text verdict;	  /* ready, early, not_ready */
	struct fact_text verdict_source;  /* the call that gave it */
	struct fact_number verdict_errno; /* errno of the probe; 0: it was answered */
	struct fact_number ready_ms;	  /* since boot, as the kernel logged it */
	struct fact_flag weak;		  /* ready by fast init alone */

	struct fact_text kernel_release;
	struct fact_text kernel_machine;
	struct fact_text era;		   /* how this kernel's RNG works */
	struct fact_flag grnd_insecure;	   /* GRND_INSECURE, Linux 5.6 */
	struct fact_flag unified_random;   /* /dev/random is the CRNG too, Linux 5.6 */
	struct fact_flag jitter_seeding;   /* a blocking call makes it gather, 5.4 */
	struct fact_flag vdso_getrandom;   /* Linux 6.11 */
	struct fact_flag reseed_ioctl;	   /* RNDRESEEDCRNG, Linux 4.17 and 4.14.36 */
	struct fact_number reseeds;	   /* since boot; generation.h */
	struct fact_flag fast_init_enough; /* all that getrandom(2) waits for */

	struct fact_text trust_cpu;		  /* on, off; of the command line */
	struct fact_text trust_bootloader;	  /* on, off; random.trust_bootloader */
	struct fact_number default_quality;	  /* rng_core.default_quality, of 1024 */
	struct fact_flag nordrand;		  /* on the command line */
	struct fact_text config_trust_cpu;	  /* y, n, absent; RANDOM_TRUST_CPU */
	struct fact_text config_trust_bootloader; /* y, n, absent */

	struct fact_number entropy_avail; /* bits */
	struct fact_number poolsize;	  /* bits */
	struct fact_number pool_rate;	  /* bits a second, in thousandths */
	struct fact_number rndgetentcnt;  /* bits, by ioctl(2) on /dev/random */
	struct fact_flag pool_counts;	  /* entropy_avail is progress */
	struct fact_number pool_needed;	  /* bits in it that make the CRNG ready */
	struct fact_flag pool_drained;	  /* reading /dev/random takes bits out of it */

	struct fact_text cpu_rng;     /* instructions, "none" */
	struct fact_flag cpu_trusted; /* the kernel credits what it gives */
	struct fact_text cpu_trust_why;
	struct fact_text hwrng_current;
	struct fact_text hwrng_available; /* "none" */
	struct fact_flag hwrng_selected;  /* chosen by the administrator */
	struct fact_number hwrng_quality; /* bits credited of 1024 read */
	struct fact_text virtio_rng;	  /* absent, bound, unbound */
	struct fact_flag efi;		  /* booted by EFI */
	struct fact_flag device_tree;	  /* booted with a device tree */
	struct fact_flag tpm;
	struct fact_flag vmgenid;	  /* the driver is bound to a device */
	struct fact_text vmgenid_device;  /* absent, bound, unbound */
	struct fact_text vmclock;	  /* absent, bound, unbound */
	struct fact_number vm_generation; /* VMClock's; vmclock.h */
	struct fact_text daemons;	  /* entropy daemons that run, "none" */
	struct fact_flag daemons_useful;  /* they could help to become ready */

	struct fact_text container;	     /* kind, "none" */
	struct fact_text virtualization;     /* kind, "none" */
	struct fact_number boot_time;	     /* seconds since the epoch */
	struct fact_number uptime;	     /* seconds */
	struct fact_number boot_before_last; /* seconds since the epoch */
	struct fact_text early_host_key;     /* a key made before ready, or "none" */

	struct fact_flag cloned_not_reseeded; /* and so it shares its RNG's state */
	struct fact_text cloned_because;      /* what that is concluded from */

	/* No format shows these: what judge.c and the advice read. */
	struct fact_number boot_usec;	    /* since the epoch */
	struct fact_number probe;	    /* errno of rng_probe(); 0: ready */
	struct fact_number pool_read_ns;    /* when entropy_avail was read; deadline.h */
	struct fact_flag waits_after_log;   /* EAGAIN again, after the log */
	struct fact_flag write_wakeup;	    /* write_wakeup_threshold exists */
	struct fact_flag read_wakeup;	    /* read_wakeup_threshold exists */
	struct fact_text daemon_units;	    /* unit of each daemon, or "-" */
	struct fact_text daemons_useless;   /* units of those that cannot help */
	struct fact_flag needs_help;	    /* the RNG is not ready, or was late */
	struct fact_number vm_recorded;	    /* VMClock's counter, by crng reseed */
	struct fact_number vm_recorded_at;  /* when; seconds since the epoch */
	struct fact_flag virtio_rng_on_pci; /* only the PCI bus shows it */
	struct fact_flag systemd;	    /* runs here */
	struct fact_text ssh_service;	    /* unit or init script of sshd, "none" */
	struct fact_text root_by;	    /* sudo, doas, su; "none": this is root */
	struct fact_number log_end_usec;    /* of an earlier boot's log, since boot */
	struct fact_flag log_ends;	    /* no: it goes on, or its end is not known */
	struct fact_flag log_not_ready;	    /* from its beginning to its end */
	struct fact_flag log_of_running;    /* the running boot, read from its log */

	struct host_keys host_keys;
	struct seeds seeds;
	struct timeline timeline;
	struct waiters waiters;
};

/* Makes every fact unknown and every list empty. */
void facts_init(struct facts *facts);

/* Copies everything except the unused parts of the lists. */
void facts_copy(struct facts *to, const struct facts *from);

/* Replaces the reason from by why, in every fact and list that is unknown for it. */
void facts_excuse(struct facts *facts, const char *from, const char *why);

/* The reason of a fact that no collector has filled. */
extern const char facts_not_collected[];

/* Make the fact known. */
void fact_number(struct fact_number *fact, uint64_t number);
void fact_flag(struct fact_flag *fact, bool yes);
void fact_text(struct fact_text *fact, const char *text);

/* Appends a word, of 30 bytes at most, to a list of them; "none" is the empty list. */
void fact_add_word(struct fact_text *fact, const char *word);

/* Is it known, and yes? Known, and no? Known, and that text? */
bool fact_yes(const struct fact_flag *fact);
bool fact_no(const struct fact_flag *fact);
bool fact_is(const struct fact_text *fact, const char *text);

/* Has getrandom(2) answered that the CRNG is ready; that it is not (early included)? */
bool facts_ready(const struct facts *facts);
bool facts_not_ready(const struct facts *facts);

/* Has the kernel the RNG of 2022: a pool of 256 bits (5.18, and stable trees)? */
bool facts_have_rewrite(const struct facts *facts);

/*
 * May the kernel have random.trust_cpu? RANDOM_TRUST_CPU is absent from the configuration
 * from Linux 6.2 on, where the switch still exists, and before 4.19, where it does not.
 */
bool facts_have_trust_cpu(const struct facts *facts);

#endif
