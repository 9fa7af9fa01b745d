/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RESEED_H
#define CRNG_RESEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reseed/input.h"

/*
 * Gives the kernel's CRNG fresh input, and proves that it took effect. rnd-ioctl.h and
 * generation.h tell what the kernels promise.
 */

/* What can fail, in this order. */
enum reseed_step {
	RESEED_PROBE,	   /* -EAGAIN: not ready; else undetermined */
	RESEED_OPEN,	   /* the device; -ENOMEM */
	RESEED_PERMISSION, /* -EPERM; -EPROTO: something answers in the kernel's place */
	RESEED_FRESH,	   /* -ENODATA: nothing that a clone lacks; nothing was mixed */
	RESEED_MIX,
	RESEED_REKEY, /* -ENODATA: not ready; -EINVAL, -ENOTTY: no such ioctl */
	RESEED_PROOF, /* -EPROTO: the kernel said yes, but did not reseed;
			 -ESTALE: the machine was cloned again and again meanwhile */
};

enum reseed_proof {
	RESEED_NOT_PROVED,    /* the kernel accepted it; up to 5.18 that proves nothing */
	RESEED_BY_IOCTL,      /* its word counts: the RNG is that of 5.19 */
	RESEED_BY_GENERATION, /* its counter has moved (generation.h) */
};

enum { RESEED_NAME_MAX = 128 };

/* A source of input. Only fresh input is something that a clone lacks. */
struct reseed_source {
	char name[RESEED_NAME_MAX]; /* "input", "cpu", or the hardware generator's,
				       escaped; "": there is none */
	size_t bytes;		    /* mixed; 0 for the CPU, where the kernel does it */
	bool fresh;
	const char *unfit; /* why it is not fresh, a static string, or NULL */
};

enum { RESEED_INPUT, RESEED_HWRNG, RESEED_CPU, RESEED_SOURCES };

struct reseed {
	bool no_hwrng; /* do not read /dev/hwrng */
	bool any;      /* go on without anything fresh */
	bool becomes;  /* this process will become another program */

	/* Such content of a file has been used, and is not fresh any more. */
	struct input_origin used;

	/* Set by reseed_open(), where no child has a copy; filled by the caller. */
	struct input *input;

	/* Set by reseed_open() and reseed_run(). */
	int fd;
	enum reseed_step step; /* that failed */
	const char *device;    /* path of what was opened */
	struct reseed_source sources[RESEED_SOURCES];
	enum reseed_proof proof;
	uint64_t before, after; /* generations; 0: unknown */
	bool vm_counts;		/* VMClock counts: */
	uint64_t vm_generation;
};

/*
 * Checks that the CRNG is ready and that this process may reseed it. Touches nothing.
 * Returns 0 or -errno of reseed->step. Needs reseed_close() in each case.
 */
int reseed_open(struct reseed *reseed);

/*
 * Looks at what VMClock counts now. The input that is read after this is as fresh as its
 * source, unless the machine is cloned before reseed_run() has ended, which then notices.
 */
void reseed_look(struct reseed *reseed);

/*
 * Collects input, mixes it without credit, makes the kernel reseed, and looks for proof.
 * Wipes the input. Returns 0 or -errno of reseed->step.
 */
int reseed_run(struct reseed *reseed);

/* Did anything go in that a clone lacks? */
bool reseed_is_fresh(const struct reseed *reseed);

/* Wipes the input, if it has not been used. Its memory stays (input.h). */
void reseed_close(struct reseed *reseed);

#endif
