/* SPDX-License-Identifier: MIT */
/* The RNG instructions of the CPU, as a fact. */
#include "rng/instruction.h"
#include "status/collect/collectors.h"

void collect_cpu(int root, struct facts *facts)
{
	const char *names, *unknown = instruction_names(root, &names);

	if (unknown)
		facts->cpu_rng.unknown = unknown;
	else
		fact_text(&facts->cpu_rng, names);
}
