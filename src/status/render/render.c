/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include "status/render/render.h"

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
