/* SPDX-License-Identifier: MIT */
#ifndef CRNG_VMCLOCK_H
#define CRNG_VMCLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The VMClock device, by which a hypervisor tells its guest that it was restored from a
 * snapshot or cloned. "Kernel" is drivers/ptp/ptp_vmclock.c and uapi/linux/vmclock-abi.h
 * of Linux 7.0.
 */

#define VMCLOCK_PATH "/dev/vmclock0"

/*
 * The generation of the virtual machine at its last reseed by crng, a decimal number and
 * a newline; or where crng saw it change and has not reseeded yet, the one before. It
 * lies in memory, so that a snapshot carries it along: in a clone it differs from what
 * VMClock shows, until the clone is reseeded.
 */
#define VMCLOCK_RECORD "/run/crng/vm-generation"

enum { VMCLOCK_BYTES = 112 }; /* of the structure, up to vm_generation_counter */

struct vmclock {
	uint32_t sequence;	    /* changes with each update */
	uint64_t disruption_marker; /* changes with live migration as well */
	bool counts;		    /* has vm_generation_counter */
	bool notifies;		    /* poll(2) reports each change of the structure */
	uint64_t generation;	    /* changes when the machine is restored or cloned */
};

/*
 * Reads the structure, little-endian, from the first len bytes of the device. Returns 0;
 * -EPROTO: it is not one; -ENODATA: it is cut short.
 */
int vmclock_parse(const void *data, size_t len, struct vmclock *clock);

/* Opens the device below root (root.h), non-blocking. Returns a descriptor or -errno. */
int vmclock_open(int root);

/*
 * Opens the device, or its copy in a captured tree, reads it as vmclock_read() does, and
 * closes it. Returns the number of bytes or -errno.
 */
long vmclock_look(int root, unsigned char data[VMCLOCK_BYTES], struct vmclock *clock);

/*
 * Reads the device, at least up to the flags, into data, and its fields into *clock. From
 * then on poll(2) says POLLIN when the structure has changed since, if it notifies, and
 * else POLLHUP.
 * Returns the number of bytes or -errno: those of vmclock_parse(), and -ETIMEDOUT where
 * the hypervisor never ends an update.
 */
long vmclock_read(int fd, unsigned char data[VMCLOCK_BYTES], struct vmclock *clock);

#endif
