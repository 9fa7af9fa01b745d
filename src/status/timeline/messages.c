/* SPDX-License-Identifier: MIT */
/*
 * The RNG's messages. A text must match one of them from its first to its last byte: the
 * kernel also logs its command line (random.trust_cpu=1) and names that users choose.
 */
#include "status/timeline/timeline.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

enum { PATTERNS_MAX = 4 };

/*
 * All that a kind of event is: its name in machine formats and the texts that mean it. In
 * a pattern %w is any text, a process or symbol (who); %s a word; %b bytes; %e bits of
 * entropy; %m missed warnings, %r those about reads of /dev/urandom; %n another number.
 * Sources: drivers/char/random.c of 3.16, 3.19, 4.4, 4.10, 4.14, 4.19, 5.4, 5.10.198,
 * 5.18, 5.19, 6.1, 6.14, 6.18 and 7.1; lib/ratelimit.c, drivers/char/hw_random/core.c,
 * arch/x86/kernel/cpu/rdrand.c and, about RDSEED on some AMD CPUs, amd.c beside it (6.18
 * and stable trees of that time).
 */
static const struct event_kind {
	const char *name;
	const char *patterns[PATTERNS_MAX];
} kinds[TIMELINE_KINDS] = {
	[TIMELINE_URANDOM_EARLY] = {
		"urandom_early",
		{ "random: %w: uninitialized urandom read (%b bytes read)",
		  "random: %w: uninitialized urandom read (%b bytes read, "
		  "%e bits of entropy available)",
		  "random: %w urandom read with %e bits of entropy available" },
	},
	[TIMELINE_KERNEL_EARLY] = {
		"kernel_early",
		{ "random: %w get_random_bytes called with %e bits of entropy available",
		  "random: %w get_random_bytes called with crng_init = %n",
		  "random: %s called from %w with crng_init=%n" },
	},
	[TIMELINE_SUPPRESSED] = {
		"suppressed",
		{ "random: %m get_random_xx warning(s) missed due to ratelimiting",
		  "random: %r urandom warning(s) missed due to ratelimiting",
		  "urandom_read: %r callbacks suppressed",
		  "urandom_read_iter: %r callbacks suppressed" },
	},
	[TIMELINE_FAST_INIT] = { "fast_init", { "random: fast init done" } },
	[TIMELINE_READY] = { "ready", { "random: crng init done" } },
	[TIMELINE_READY_TRUSTED] = {
		"ready_trusted",
		{ "random: crng done (trusting CPU's manufacturer)",
		  "random: crng init done (trusting CPU's manufacturer)" },
	},
	[TIMELINE_POOL_READY] = {
		"pool_ready",
		{ "random: nonblocking pool is initialized" },
	},
	[TIMELINE_RESEED_RESUME] = {
		"reseed_resume",
		{ "random: crng reseeded on system resumption" },
	},
	[TIMELINE_RESEED_VM_FORK] = {
		"reseed_vm_fork",
		{ "random: crng reseeded due to virtual machine fork" },
	},
	[TIMELINE_NO_CYCLE_COUNTER] = {
		"no_cycle_counter",
		{ "Missing cycle counter and fallback timer; RNG entropy "
		  "collection will consequently suffer." },
	},
	[TIMELINE_CPU_UNRELIABLE] = {
		"cpu_unreliable",
		{ "RDRAND is not reliable on this platform; disabling." },
	},
	[TIMELINE_RDSEED_UNRELIABLE] = {
		"rdseed_unreliable",
		{ "RDSEED32 is broken. Disabling the corresponding CPUID bit.",
		  "RDSEED is not reliable on this platform; disabling." },
	},
	[TIMELINE_HWRNG_NO_DATA] = {
		"hwrng_no_data",
		{ "hwrng: no data available" },
	},
	[TIMELINE_EFI_SEED] = { "efi_seed", { "efi: seeding entropy pool" } },
};

const char *timeline_kind_name(enum timeline_kind kind)
{
	return kinds[kind].name;
}

static bool match(const char *pattern, const char *text, const char *end,
		  struct timeline_event *out);

/* Tries the longest word first; the rest of the pattern must match the text after it. */
static bool match_word(const char *pattern, const char *text, const char *end,
		       struct timeline_event *out)
{
	bool is_who = *pattern == 'w';
	const char *stop = is_who ? end : memchr(text, ' ', (size_t)(end - text));

	for (; stop && stop >= text; stop--) {
		if (!match(pattern + 1, stop, end, out))
			continue;
		if (is_who)
			text_escape(out->who, sizeof(out->who), text,
				    (size_t)(stop - text));
		return true;
	}
	return false;
}

/* Reads a number, whose meaning the letter tells; returns its end, or NULL: no number. */
static const char *match_number(char letter, const char *text, const char *end,
				struct timeline_event *out)
{
	uint64_t value;

	if (!number_scan(&text, end, 10, &value) || value > INT64_MAX)
		return NULL;
	if (letter == 'b')
		out->bytes = value;
	else if (letter == 'e')
		out->bits = (int64_t)value;
	else if (letter == 'm' || letter == 'r')
		out->missed = value;
	if (letter == 'r')
		out->reads = value;
	return text;
}

static bool match(const char *pattern, const char *text, const char *end,
		  struct timeline_event *out)
{
	for (; *pattern; pattern++) {
		if (*pattern != '%') {
			if (text == end || *text++ != *pattern)
				return false;
			continue;
		}
		if (*++pattern == 'w' || *pattern == 's')
			return match_word(pattern, text, end, out);
		text = match_number(*pattern, text, end, out);
		if (!text)
			return false;
	}
	return text == end;
}

static bool match_kind(enum timeline_kind kind, const char *text, const char *end,
		       struct timeline_event *out)
{
	for (size_t i = 0; i < PATTERNS_MAX && kinds[kind].patterns[i]; i++) {
		*out = (struct timeline_event){
			.kind = kind,
			.bits = -1,
			.reads = kind == TIMELINE_URANDOM_EARLY,
		};
		if (match(kinds[kind].patterns[i], text, end, out))
			return true;
	}
	return false;
}

bool timeline_parse_text(const char *text, size_t len, struct timeline_event *out)
{
	for (enum timeline_kind kind = 0; kind < TIMELINE_KINDS; kind++)
		if (match_kind(kind, text, text + len, out))
			return true;
	return false;
}
