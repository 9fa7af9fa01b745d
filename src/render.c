/* SPDX-License-Identifier: MIT */
/* The table of formats, and the half line that says why a wait ran out. */
#include "render.h"

#include <inttypes.h>
#include <string.h>

const struct renderer renderers[] = {
	{ "human", "for people", render_human },
	{ "json", "for programs", render_json },
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
	const struct fact *avail = &facts->entropy_avail, *pool = &facts->poolsize;

	if (avail->unknown)
		snprintf(text, size, "bits gathered unknown (%s)", avail->unknown);
	else if (pool->unknown || !facts->pool_counts.number)
		snprintf(text, size,
			 "entropy_avail %" PRIu64 " bits, which does not count towards "
			 "readiness on this kernel",
			 avail->number);
	else
		snprintf(text, size, "%" PRIu64 " of %" PRIu64 " bits gathered",
			 avail->number, pool->number);
}

static const char *known_or(const struct fact *fact, const char *otherwise)
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
