/* SPDX-License-Identifier: MIT */
/*
 * All input goes in before the kernel is told to reseed, which hashes the pool into a new
 * key, together with what the CPU's instruction gives. Per-CPU keys, and the states of
 * every process that uses the vDSO, are dropped at their next use, because the generation
 * has changed.
 */
#include "reseed/reseed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/root.h"
#include "base/text.h"
#include "reseed/hwrng-read.h"
#include "reseed/machine.h"
#include "rng/device.h"
#include "rng/generation.h"
#include "rng/instruction.h"
#include "rng/rnd-ioctl.h"
#include "rng/rng.h"

enum { REWRITE_BITS = 256 /* of the pool, since 5.18 and in stable trees since 2022 */ };

static int open_device(struct reseed *reseed)
{
	static const enum device devices[] = { DEVICE_RANDOM, DEVICE_URANDOM };

	for (size_t i = 0; i < 2; i++) {
		reseed->device = device_path(devices[i]);
		reseed->fd = device_open(devices[i]);
		if (reseed->fd >= 0)
			return 0;
	}
	return reseed->fd;
}

int reseed_open(struct reseed *reseed)
{
	int rc = rng_probe();

	reseed->fd = -1;
	reseed->step = RESEED_PROBE;
	if (rc != 0)
		return rc;
	reseed->step = RESEED_OPEN;
	rc = open_device(reseed);
	if (rc != 0)
		return rc;
	reseed->step = RESEED_PERMISSION;
	return rnd_permitted(reseed->fd);
}

static void use_input(struct reseed *reseed)
{
	struct reseed_source *source = &reseed->sources[RESEED_INPUT];

	if (!reseed->input)
		return;
	strcpy(source->name, "input");
	source->bytes = reseed->input->len;
	if (input_is_constant(reseed->input))
		source->unfit = "all of its bytes are the same";
	source->fresh = !source->unfit;
}

/* "virtio_rng.0"; the kernel's name says more than that of the device. */
static void name_hwrng(char name[RESEED_NAME_MAX])
{
	char text[RESEED_NAME_MAX];
	long len = root_read(ROOT_LIVE, "/sys/class/misc/hw_random/rng_current", text,
			     sizeof(text));

	if (len > 1)
		text_escape(name, RESEED_NAME_MAX, text, strcspn(text, "\n"));
	else
		strcpy(name, HWRNG_PATH);
}

static void use_hwrng(struct reseed *reseed, const struct hwrng *hwrng)
{
	struct reseed_source *source = &reseed->sources[RESEED_HWRNG];

	if (!hwrng)
		return;
	name_hwrng(source->name);
	source->bytes = hwrng->len;
	source->unfit = hwrng_unfit(hwrng);
	source->fresh = !source->unfit;
}

static void use_cpu(struct reseed *reseed)
{
	struct reseed_source *source = &reseed->sources[RESEED_CPU];
	const char *names, *unknown = instruction_names(ROOT_LIVE, &names);

	if (!unknown && strcmp(names, "none") == 0)
		return;
	strcpy(source->name, "cpu");
	source->unfit = unknown;
	source->fresh = !unknown;
}

static bool is_any_fresh(const struct reseed *reseed)
{
	for (size_t i = 0; i < RESEED_SOURCES; i++)
		if (reseed->sources[i].fresh)
			return true;
	return false;
}

static int mix(struct reseed *reseed, const struct hwrng *hwrng)
{
	struct machine machine;
	int rc = 0;

	reseed->vm_counts = machine_look(&machine, &reseed->vm_generation);
	if (reseed->input)
		rc = rnd_add(reseed->fd, reseed->input->data, reseed->input->len);
	if (rc == 0 && hwrng)
		rc = rnd_add(reseed->fd, hwrng->data, hwrng->len);
	return rc != 0 ? rc : rnd_add(reseed->fd, &machine, sizeof(machine));
}

/* Does 0 mean that the CRNG was re-keyed from the pool? */
static bool has_rewrite(void)
{
	char text[32];
	long len = root_read(ROOT_LIVE, "/proc/sys/kernel/random/poolsize", text,
			     sizeof(text));
	uint64_t bits;

	if (len < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return !number_parse(text, &bits) && bits == REWRITE_BITS;
}

static int rekey(struct reseed *reseed)
{
	bool counts = generation_read(&reseed->before) == 0;
	int rc = rnd_reseed(reseed->fd);

	reseed->step = RESEED_REKEY;
	if (rc != 0)
		return rc;
	counts = generation_read(&reseed->after) == 0 && counts;
	if (!counts) {
		reseed->before = reseed->after = 0;
		reseed->proof = has_rewrite() ? RESEED_BY_IOCTL : RESEED_NOT_PROVED;
		return 0;
	}
	reseed->step = RESEED_PROOF;
	reseed->proof = RESEED_BY_GENERATION;
	return reseed->after != reseed->before ? 0 : -EPROTO;
}

static int run(struct reseed *reseed, const struct hwrng *hwrng)
{
	use_input(reseed);
	use_hwrng(reseed, hwrng);
	use_cpu(reseed);
	reseed->step = RESEED_FRESH;
	if (!is_any_fresh(reseed) && !reseed->any)
		return -ENODATA;
	reseed->step = RESEED_MIX;

	int rc = mix(reseed, hwrng);

	return rc != 0 ? rc : rekey(reseed);
}

int reseed_run(struct reseed *reseed)
{
	struct hwrng *hwrng = reseed->no_hwrng ? NULL : hwrng_read(reseed->becomes);

	memset(reseed->sources, 0, sizeof(reseed->sources));

	int rc = run(reseed, hwrng);

	hwrng_free(hwrng);
	return rc;
}

void reseed_close(struct reseed *reseed)
{
	if (reseed->fd >= 0)
		close(reseed->fd);
	reseed->fd = -1;
}
