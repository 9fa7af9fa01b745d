/* SPDX-License-Identifier: MIT */
/*
 * Invariant: no seed is credited by two kernels. What is on the disk is durably replaced
 * before anything is credited; if that fails or is not certain, nothing is credited. The
 * order of the system calls:
 *
 *     load: read(seeds), seed_renew(), ioctl(RNDADDENTROPY)
 *     save: read(seeds), getrandom(GRND_NONBLOCK), seed_renew()
 */
#include "seed/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "rng/device.h"
#include "rng/rnd-ioctl.h"
#include "seed/directory.h"
#include "seed/doubt.h"
#include "seed/durable.h"
#include "seed/files.h"
#include "seed/fresh.h"
#include "seed/ratchet.h"
#include "seed/renew.h"

/* Everything that must not outlive the command. */
static struct {
	struct stored_seed files[SEED_KINDS];
	struct ratchet ratchet;
	unsigned char fresh[FRESH_BYTES];
} secret;

int seed_open_device(struct seed *seed)
{
	seed->device = device_open_either(&seed->what);
	if (seed->device < 0)
		return seed->device;
	seed->call = "RNDADDENTROPY";
	return rnd_permitted(seed->device);
}

int seed_open_directory(struct seed *seed)
{
	seed->what = seed->call = NULL;
	seed->dir = directory_open(AT_FDCWD, seed->path, !seed->dry_run, &seed->problem);
	if (seed->dry_run) {
		seed->place = seed->dir == -ENOENT ? directory_open_parent(seed->path)
						   : seed->dir;
		return seed->place < 0 ? seed->place : 0;
	}
	if (seed->dir < 0)
		return seed->dir;
	seed->place = seed->dir;
	seed->call = "flock";

	int rc = directory_lock(seed->dir);

	/* files_write_new() removes the other leftover. */
	if (rc == 0)
		unlinkat(seed->dir, SEED_NEW_MACHINE_FILE, 0);
	return rc;
}

static int look(struct seed *seed)
{
	int rc = machine_look(seed->dir, &seed->machine);

	if (!seed->looked)
		seed->found = seed->machine;
	seed->looked = true;
	memset(secret.files, 0, sizeof(secret.files));
	/* Anything but a regular file does not belong there. */
	if (rc == -ELOOP || rc == -EINVAL)
		return seed_fail(seed, rc, SEED_MACHINE_FILE, "read");
	for (enum seed_kind kind = 0; seed->dir >= 0 && kind < SEED_KINDS; kind++) {
		rc = files_read(seed->dir, files_name(kind), &secret.files[kind]);
		if (rc != 0)
			return seed_fail(seed, rc, files_name(kind), "read");
	}
	return 0;
}

/* Is there a reason not to credit what is there? Then why has it. */
static bool doubts(const struct seed *seed, bool any_machine, char why[SEED_WHY_MAX])
{
	if (doubt_about(&secret.files[SEED_CREDITABLE], &seed->machine, any_machine, why,
			SEED_WHY_MAX))
		return true;

	const char *doubt = durable_doubt(seed->place, SEED_CREDIT_FILE);

	if (doubt)
		snprintf(why, SEED_WHY_MAX, "%s", doubt);
	return doubt != NULL;
}

static unsigned int bits(void)
{
	size_t len = 0;

	for (enum seed_kind kind = 0; kind < SEED_KINDS; kind++)
		len += secret.files[kind].len;
	return 8 * (unsigned int)(len < SEED_BYTES ? len : SEED_BYTES);
}

static void explain_failure(const struct seed *seed, int rc, char why[SEED_WHY_MAX])
{
	if (rc == -EROFS)
		snprintf(why, SEED_WHY_MAX, "read-only file system");
	else
		snprintf(why, SEED_WHY_MAX, "%s%s%s: %s", seed->what,
			 seed->call ? ": " : "", seed->call ? seed->call : "",
			 text_error(-rc));
}

static int mix(struct seed *seed, bool credited)
{
	int rc;

	if (seed->dry_run)
		return 0;
	rc = rnd_credit(seed->device, secret.ratchet.kernel, SEED_BYTES,
			credited ? 8 * SEED_BYTES : 0);
	return rc == 0 ? 0 : seed_fail(seed, rc, "the seed", "RNDADDENTROPY");
}

int seed_load(struct seed *seed)
{
	struct seed_step *step = &seed->loaded;
	int rc = look(seed), replaced;

	if (rc != 0)
		return rc;
	step->bits = bits();
	if (step->bits == 0)
		return 0;

	bool creditable = !doubts(seed, seed->any_machine, step->why);

	ratchet(secret.files, NULL, 0, &secret.ratchet);
	replaced = seed_renew(seed, secret.ratchet.disk, &creditable, step->why);
	step->good = replaced == 0 && creditable && !seed->no_credit;
	if (replaced != 0)
		explain_failure(seed, replaced, step->why);
	else if (creditable && seed->no_credit)
		snprintf(step->why, SEED_WHY_MAX, "as asked (--no-credit)");
	rc = mix(seed, step->good);
	step->done = rc == 0;
	return rc != 0 ? rc : replaced;
}

/*
 * Takes fresh bytes. Did a ready RNG give them, and can the next boot tell that the seed
 * is from this machine? Otherwise, why has the reason.
 */
static bool gather(const struct seed *seed, char why[SEED_WHY_MAX])
{
	int rc = fresh_take(secret.fresh);

	if (!seed->machine.name[0])
		snprintf(why, SEED_WHY_MAX, "this machine cannot be identified: %s",
			 seed->machine.why);
	else if (rc == 0 || (seed->dry_run && seed->loaded.good))
		return true; /* a dry run has not seeded the RNG */
	else if (rc == -EAGAIN)
		snprintf(why, SEED_WHY_MAX, "the RNG is not ready");
	else
		snprintf(why, SEED_WHY_MAX, "getrandom: %s", text_error(-rc));
	return false;
}

/*
 * Leaves a seed alone that is better than one that can be made now: the next boot credits
 * it, or may do so once it can tell which machine it is on.
 */
static bool keep(struct seed *seed, struct seed_step *step)
{
	char ignored[SEED_WHY_MAX];
	bool ours = seed->machine.match == MACHINE_NEW ||
		    seed->machine.match == MACHINE_SAME;

	if (doubts(seed, true, ignored) || (!ours && seed->machine.name[0]))
		return false;
	step->done = step->kept = true;
	step->good = seed->next_credited = ours;
	return true;
}

int seed_save(struct seed *seed)
{
	struct seed_step *step = &seed->saved;

	*step = (struct seed_step){ .bits = 8 * SEED_BYTES };

	int rc = look(seed);

	if (rc != 0)
		return rc;

	bool creditable = gather(seed, step->why);

	if (!creditable && keep(seed, step))
		return 0;
	ratchet(secret.files, secret.fresh, sizeof(secret.fresh), &secret.ratchet);
	rc = seed_renew(seed, secret.ratchet.disk, &creditable, step->why);
	step->good = creditable;
	step->done = rc == 0;
	return rc;
}

void seed_close_directory(struct seed *seed)
{
	if (seed->place >= 0)
		close(seed->place);
	seed->dir = seed->place = -1;
	explicit_bzero(&secret, sizeof(secret));
}

void seed_close(struct seed *seed)
{
	seed_close_directory(seed);
	if (seed->device >= 0)
		close(seed->device);
	seed->device = -1;
}
