/* SPDX-License-Identifier: MIT */
/* Status for people: the verdict in words first, then what it rests on. */
#include <inttypes.h>
#include <string.h>

#include "render.h"

enum { LABEL_WIDTH = 17 };

static void print_label(FILE *out, const char *label)
{
	fprintf(out, "  %-*s", LABEL_WIDTH, label);
}

static void print_text(FILE *out, const char *label, const struct fact *fact)
{
	print_label(out, label);
	if (fact->unknown)
		fprintf(out, "unknown (%s)\n", fact->unknown);
	else
		fprintf(out, "%s\n", fact->text);
}

static void print_flag(FILE *out, const char *label, const struct fact *fact)
{
	print_label(out, label);
	if (fact->unknown)
		fprintf(out, "unknown (%s)\n", fact->unknown);
	else
		fprintf(out, "%s\n", fact->number ? "yes" : "no");
}

static void print_bits(FILE *out, const char *label, const struct fact *fact)
{
	print_label(out, label);
	if (fact->unknown)
		fprintf(out, "unknown (%s)\n", fact->unknown);
	else
		fprintf(out, "%" PRIu64 " bits\n", fact->number);
}

static void print_verdict(const struct facts *facts, FILE *out)
{
	const struct fact *verdict = &facts->verdict;

	if (verdict->unknown)
		fprintf(out, "The kernel RNG's state is undetermined: %s.\n",
			verdict->unknown);
	else if (strcmp(verdict->text, "ready") == 0)
		fprintf(out, "The kernel RNG is ready.\n");
	else if (strcmp(verdict->text, "early") == 0)
		fprintf(out, "The kernel RNG is not ready: seeded early, not fully.\n");
	else
		fprintf(out, "The kernel RNG is not ready.\n");
}

/* What entropy_avail says differs by kernel, and is what most people get wrong. */
static const char *meaning(const struct facts *facts)
{
	bool ready = !facts->verdict.unknown && strcmp(facts->verdict.text, "ready") == 0;

	if (facts->pool_counts.unknown)
		return "unknown";
	if (!facts->pool_counts.number)
		return "a level that rises and falls; it says nothing of readiness";
	return ready ? "nothing any more: it stays where it is once the RNG is ready"
		     : "progress: the RNG is ready when it reaches the pool size";
}

void render_human(const struct facts *facts, FILE *out)
{
	print_verdict(facts, out);
	fprintf(out, "\nKernel\n");
	print_text(out, "release", &facts->kernel_release);
	print_text(out, "machine", &facts->kernel_machine);
	print_flag(out, "jitter seeding", &facts->jitter_seeding);
	print_flag(out, "unified random", &facts->unified_random);
	print_flag(out, "GRND_INSECURE", &facts->grnd_insecure);
	print_flag(out, "vDSO getrandom", &facts->vdso_getrandom);
	fprintf(out, "\nPool\n");
	print_bits(out, "entropy_avail", &facts->entropy_avail);
	print_bits(out, "poolsize", &facts->poolsize);
	print_label(out, "entropy_avail is");
	fprintf(out, "%s\n", meaning(facts));
	fprintf(out, "\nSources\n");
	print_text(out, "CPU", &facts->cpu_rng);
	print_text(out, "hw_random", &facts->hwrng_current);
	print_text(out, "available", &facts->hwrng_available);
}
