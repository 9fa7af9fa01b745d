/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FACTS_H
#define CRNG_FACTS_H

#include <stdbool.h>
#include <stdint.h>

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

/* All that status can say. A member that no collector has filled is unknown. */
struct facts {
	struct fact verdict;	    /* text: ready, early, not ready */
	struct fact verdict_source; /* text: what told so */

	struct fact kernel_release;
	struct fact kernel_machine;
	struct fact grnd_insecure;  /* yes/no: GRND_INSECURE, Linux 5.6 */
	struct fact unified_random; /* yes/no: /dev/random is the CRNG too, Linux 5.6 */
	struct fact jitter_seeding; /* yes/no: a blocking call gathers, 5.4 */
	struct fact vdso_getrandom; /* yes/no: Linux 6.11 */

	struct fact entropy_avail; /* bits */
	struct fact poolsize;	   /* bits */
	struct fact pool_counts;   /* yes/no: entropy_avail is progress */

	struct fact cpu_rng;	     /* text: instructions, "none" */
	struct fact hwrng_current;   /* text */
	struct fact hwrng_available; /* text */
};

void fact_number(struct fact *fact, uint64_t number);
void fact_text(struct fact *fact, const char *text);
void fact_unknown(struct fact *fact, const char *why);

#endif
