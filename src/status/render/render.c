/* SPDX-License-Identifier: MIT */
/* The table of formats, and the half line that says why a wait ran out. */
#include "status/render/render.h"

#include <inttypes.h>
#include <string.h>

const struct renderer renderers[] = {
	{ "human", "for people", render_human },
	{ "json", "for programs", render_json },
	{ "shell", "for eval", render_shell },
	{ "prometheus", "for the textfile collector", render_prometheus },
	{ NULL, NULL, NULL },
};

const struct renderer *renderer_find(const char *name)
{
	const struct renderer *renderer = renderers;

	while (renderer->name && strcmp(renderer->name, name) != 0)
		renderer++;
	return renderer->name ? renderer : NULL;
}

static void say_bits(const struct facts *facts, char *text, size_t size)
{
	const struct fact_number *avail = &facts->entropy_avail,
				 *needed = &facts->pool_needed;

	if (avail->unknown)
		snprintf(text, size, "bits gathered unknown (%s)", avail->unknown);
	else if (fact_yes(&facts->pool_counts))
		snprintf(text, size, "%" PRIu64 " of %" PRIu64 " bits gathered%s",
			 avail->number, needed->number,
			 fact_yes(&facts->pool_drained)
				 ? ", and readers of /dev/random take from them"
				 : "");
	else
		snprintf(text, size, "entropy_avail %" PRIu64 " bits, which %s",
			 avail->number,
			 fact_no(&facts->pool_counts)
				 ? "does not count towards readiness on this kernel"
				 : "may or may not count towards readiness: it is "
				   "unknown on this kernel");
}

static const char *known_or(const struct fact_text *fact, const char *otherwise)
{
	return fact->unknown || fact->text[0] == '\0' ? otherwise : fact->text;
}

void render_shortfall(const struct facts *facts, char *text, size_t size)
{
	char bits[256];

	say_bits(facts, bits, sizeof(bits));
	snprintf(text, size, "%s; sources: CPU %s, hw_random %s", bits,
		 known_or(&facts->cpu_rng, "unknown"),
		 known_or(&facts->hwrng_current, "none"));
}

const char *render_event_name(enum timeline_kind kind)
{
	static const char *const names[TIMELINE_KINDS] = {
		[TIMELINE_URANDOM_EARLY] = "urandom_early",
		[TIMELINE_KERNEL_EARLY] = "kernel_early",
		[TIMELINE_SUPPRESSED] = "suppressed",
		[TIMELINE_FAST_INIT] = "fast_init",
		[TIMELINE_READY] = "ready",
		[TIMELINE_READY_TRUSTED] = "ready_trusted",
		[TIMELINE_POOL_READY] = "pool_ready",
		[TIMELINE_RESEED_RESUME] = "reseed_resume",
		[TIMELINE_RESEED_VM_FORK] = "reseed_vm_fork",
		[TIMELINE_NO_CYCLE_COUNTER] = "no_cycle_counter",
		[TIMELINE_CPU_UNRELIABLE] = "cpu_unreliable",
		[TIMELINE_HWRNG_NO_DATA] = "hwrng_no_data",
		[TIMELINE_EFI_SEED] = "efi_seed",
	};

	return names[kind];
}

const char *render_credit_name(enum seed_credit credit)
{
	static const char *const names[] = {
		[SEED_CREDIT_NO] = "no",
		[SEED_CREDIT_YES] = "yes",
		[SEED_CREDIT_UNKNOWN] = "unknown",
	};

	return names[credit];
}
