/* SPDX-License-Identifier: MIT */
#include "reseed/machine.h"

#include <string.h>
#include <unistd.h>

#include "base/root.h"

static bool look_at_vmclock(unsigned char data[VMCLOCK_BYTES], uint64_t *generation)
{
	struct vmclock clock = { .counts = false };
	int fd = vmclock_open(ROOT_LIVE);

	if (fd < 0)
		return false;
	vmclock_read(fd, data, &clock);
	close(fd);
	*generation = clock.generation;
	return clock.counts;
}

bool machine_look(struct machine *machine, uint64_t *vm_generation)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC,
					    CLOCK_BOOTTIME };

	memset(machine, 0, sizeof(*machine));
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		clock_gettime(clocks[i], &machine->clocks[i]);
	root_read(ROOT_LIVE, "/sys/class/dmi/id/product_uuid", machine->product_uuid,
		  sizeof(machine->product_uuid));
	root_read(ROOT_LIVE, "/sys/firmware/devicetree/base/serial-number",
		  machine->serial_number, sizeof(machine->serial_number));
	return look_at_vmclock(machine->vmclock, vm_generation);
}
