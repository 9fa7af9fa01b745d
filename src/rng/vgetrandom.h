/* SPDX-License-Identifier: MIT */
#ifndef CRNG_VGETRANDOM_H
#define CRNG_VGETRANDOM_H

#include <stddef.h>
#include <sys/types.h>

/*
 * getrandom() of the vDSO: the kernel's own code, run in this process, expanding a key
 * that the kernel gives and takes back (Linux 6.11, lib/vdso/getrandom.c). No weaker than
 * the system call: each call overwrites its key before it returns, and fetches a new one
 * by the system call whenever the kernel has reseeded.
 *
 * Fork, clone and memory pressure. The state lives in memory mapped as the kernel asks
 * (MAP_DROPPABLE), which a child finds wiped, no core dump contains and no swap keeps
 * (mm/mmap.c sets VM_DROPPABLE, VM_WIPEONFORK and VM_DONTDUMP). A wiped state carries
 * generation 0, which never equals the kernel's, so that a new key is fetched; the
 * generation is compared again after the last byte and the call is started over if it has
 * changed. A cloned virtual machine reseeds when it is notified (vmgenid), which changes
 * the generation as well. Pages are dropped one by one, so a state must not reach across
 * two: it starts at the beginning of a mapping.
 */
struct vgetrandom {
	ssize_t (*call)(void *buf, size_t n, unsigned int flags, void *state,
			size_t state_size);
	void *state;
	size_t size;   /* of the state, as the kernel said */
	size_t mapped; /* length of the mapping */
};

/*
 * Makes a state; two threads must not share one. Returns 0 or -errno: -ENOSYS where there
 * is no such vDSO or this program does not know how to call it. Needs vgetrandom_close()
 * only after 0.
 */
int vgetrandom_open(struct vgetrandom *v);

/*
 * Writes at most n bytes to buf. To be called only after rng_probe() has said that the
 * CRNG is ready. Returns their number, or -errno: then use the system call.
 */
long vgetrandom_read(const struct vgetrandom *v, void *buf, size_t n);

/* Wipes the state and unmaps it. */
void vgetrandom_close(struct vgetrandom *v);

#endif
