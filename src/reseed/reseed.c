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

#include "base/aside.h"
#include "base/number.h"
#include "base/root.h"
#include "base/text.h"
#include "reseed/clone.h"
#include "reseed/hwrng-read.h"
#include "rng/device.h"
#include "rng/generation.h"
#include "rng/instruction.h"
#include "rng/rnd-ioctl.h"
#include "rng/rng.h"

/*
 * What the RNG of 5.19 shows, and stable kernels that have it. Before, a pool of 256 bits
 * (5.18) or 60 seconds (up to 5.17), but not both.
 */
enum { POOL_BITS = 256, INTERVAL_SECONDS = 60 };

enum { TRIES = 4 };

/* Shared with children, so that none of them has a copy. */
struct secrets {
	struct input input;
	struct hwrng hwrng;
};

static struct secrets *secrets;

int reseed_open(struct reseed *reseed)
{
	int rc = rng_probe();

	reseed->fd = -1;
	reseed->step = RESEED_PROBE;
	if (rc != 0)
		return rc;
	reseed->step = RESEED_OPEN;
	reseed->fd = device_open_either(&reseed->device);
	if (reseed->fd < 0)
		return reseed->fd;
	secrets = aside_memory(sizeof(*secrets));
	if (!secrets)
		return -ENOMEM;
	reseed->input = &secrets->input;
	reseed->step = RESEED_PERMISSION;
	return rnd_permitted(reseed->fd);
}

void reseed_look(struct reseed *reseed)
{
	reseed->vm_counts = clone_generation(&reseed->vm_generation);
}

static void use_input(struct reseed *reseed, bool cloned)
{
	struct reseed_source *source = &reseed->sources[RESEED_INPUT];

	if (reseed->input->len == 0)
		return;
	strcpy(source->name, "input");
	source->bytes = reseed->input->len;
	if (input_is_constant(reseed->input))
		source->unfit = "all of its bytes are the same";
	else if (input_origin_is(&reseed->used, &reseed->input->origin))
		source->unfit = "the file has not changed since before the clone";
	else if (cloned)
		source->unfit = "the machine was cloned after it had been read";
	source->fresh = !source->unfit;
}

/* "virtio_rng.0"; the kernel's name says more than that of the device. */
static void name_hwrng(char name[RESEED_NAME_MAX])
{
	char text[RESEED_NAME_MAX];
	long len = root_read(ROOT_LIVE, "/sys/class/misc/hw_random/rng_current", text,
			     sizeof(text));

	if (len > 1 && strcmp(text, "none\n") != 0)
		text_escape(name, RESEED_NAME_MAX, text, strcspn(text, "\n"));
	else
		strcpy(name, HWRNG_PATH);
}

static void use_hwrng(struct reseed *reseed)
{
	struct reseed_source *source = &reseed->sources[RESEED_HWRNG];
	struct hwrng *hwrng = &secrets->hwrng;

	memset(hwrng, 0, sizeof(*hwrng));
	if (!reseed->no_hwrng)
		hwrng_read(reseed->becomes, hwrng);
	if (reseed->no_hwrng || hwrng->absent)
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

bool reseed_is_fresh(const struct reseed *reseed)
{
	for (size_t i = 0; i < RESEED_SOURCES; i++)
		if (reseed->sources[i].fresh)
			return true;
	return false;
}

static int mix(const struct reseed *reseed)
{
	struct clone clone;
	int rc = rnd_add(reseed->fd, secrets->input.data, secrets->input.len);

	clone_look(&clone);
	if (rc == 0)
		rc = rnd_add(reseed->fd, secrets->hwrng.data, secrets->hwrng.len);
	return rc != 0 ? rc : rnd_add(reseed->fd, &clone, sizeof(clone));
}

static bool shows(const char *path, uint64_t expected)
{
	char text[32];
	long len = root_read(ROOT_LIVE, path, text, sizeof(text));
	uint64_t number;

	if (len < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return !number_parse(text, &number) && number == expected;
}

/* Does 0 mean that the CRNG was re-keyed from the pool? */
static bool always_reseeds(void)
{
	return shows("/proc/sys/kernel/random/poolsize", POOL_BITS) &&
	       shows("/proc/sys/kernel/random/urandom_min_reseed_secs", INTERVAL_SECONDS);
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
		reseed->proof = always_reseeds() ? RESEED_BY_IOCTL : RESEED_NOT_PROVED;
		return 0;
	}
	reseed->step = RESEED_PROOF;
	reseed->proof = RESEED_BY_GENERATION;
	return reseed->after != reseed->before ? 0 : -EPROTO;
}

static int run(struct reseed *reseed, bool cloned)
{
	memset(reseed->sources, 0, sizeof(reseed->sources));
	use_input(reseed, cloned);
	use_hwrng(reseed);
	use_cpu(reseed);
	reseed->step = RESEED_FRESH;
	if (!reseed_is_fresh(reseed) && !reseed->any)
		return -ENODATA;
	reseed->step = RESEED_MIX;

	int rc = mix(reseed);

	return rc != 0 ? rc : rekey(reseed);
}

/* Where the machine is cloned meanwhile, what went in is the same in all clones. */
int reseed_run(struct reseed *reseed)
{
	bool cloned = false;
	int rc, tries = 0;

	do {
		uint64_t before = reseed->vm_generation;

		rc = run(reseed, cloned);
		reseed_look(reseed);
		cloned = reseed->vm_counts && reseed->vm_generation != before;
	} while (rc == 0 && cloned && ++tries < TRIES);
	if (rc == 0 && cloned) {
		reseed->step = RESEED_PROOF;
		rc = -ESTALE;
	}
	if (rc == 0)
		reseed->used = reseed->input->origin;
	explicit_bzero(secrets, sizeof(*secrets));
	return rc;
}

void reseed_close(struct reseed *reseed)
{
	if (reseed->fd >= 0)
		close(reseed->fd);
	reseed->fd = -1;
	if (secrets)
		explicit_bzero(secrets, sizeof(*secrets));
}
