/* SPDX-License-Identifier: MIT */
#include "reseed/machine.h"

#include <string.h>

#include "base/root.h"

bool machine_generation(uint64_t *generation)
{
	unsigned char data[VMCLOCK_BYTES];
	struct vmclock clock;

	vmclock_look(ROOT_LIVE, data, &clock);
	*generation = clock.generation;
	return clock.counts;
}

void machine_look(struct machine *machine)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC,
					    CLOCK_BOOTTIME };
	struct vmclock clock;

	memset(machine, 0, sizeof(*machine));
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		clock_gettime(clocks[i], &machine->clocks[i]);
	root_read(ROOT_LIVE, "/sys/class/dmi/id/product_uuid", machine->product_uuid,
		  sizeof(machine->product_uuid));
	root_read(ROOT_LIVE, "/sys/firmware/devicetree/base/serial-number",
		  machine->serial_number, sizeof(machine->serial_number));
	vmclock_look(ROOT_LIVE, machine->vmclock, &clock);
}
