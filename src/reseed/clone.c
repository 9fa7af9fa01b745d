/* SPDX-License-Identifier: MIT */
#include "reseed/clone.h"

#include <string.h>

#include "base/root.h"

bool clone_generation(uint64_t *generation)
{
	unsigned char data[VMCLOCK_BYTES];
	struct vmclock clock;

	vmclock_look(ROOT_LIVE, data, &clock);
	*generation = clock.generation;
	return clock.counts;
}

void clone_look(struct clone *clone)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC,
					    CLOCK_BOOTTIME };
	struct vmclock clock;

	memset(clone, 0, sizeof(*clone));
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		clock_gettime(clocks[i], &clone->clocks[i]);
	identity_read(&clone->identity);
	vmclock_look(ROOT_LIVE, clone->vmclock, &clock);
}
