/* SPDX-License-Identifier: MIT */
/*
 * Invariant: what is on the disk is durably replaced, or it is known not to be. The order
 * of the system calls: files_write_new(seed.new), seed.machine if it is new, files_put().
 */
#include "seed/renew.h"

#include <errno.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "seed/durable.h"

int seed_fail(struct seed *seed, int rc, const char *what, const char *call)
{
	seed->what = what;
	seed->call = call;
	return rc;
}

/*
 * Until it is replaced, a seed that another machine made must not look like ours. The
 * record of this machine is ready before its credit is taken away.
 */
static int record(struct seed *seed)
{
	int rc = machine_write(seed->dir, &seed->machine);

	if (rc == 0 && seed->machine.match != MACHINE_NEW)
		rc = files_demote(seed->dir);
	if (rc == 0)
		rc = machine_record(seed->dir);
	if (rc != 0) {
		unlinkat(seed->dir, SEED_NEW_MACHINE_FILE, 0);
		return seed_fail(seed, rc, SEED_MACHINE_FILE, NULL);
	}
	seed->machine.match = MACHINE_SAME;
	return 0;
}

/*
 * Replaces all seeds with the one that was derived from them, as a creditable one if
 * *creditable is set and nothing speaks against the place; else why has the reason.
 */
static int replace(struct seed *seed, const unsigned char disk[SEED_BYTES],
		   bool *creditable, char why[SEED_WHY_MAX])
{
	bool exposed;
	const char *doubt = NULL, *call;
	int rc = files_write_new(seed->dir, SEED_NEW_FILE, disk, SEED_BYTES, &exposed);

	if (rc != 0)
		return seed_fail(seed, rc, SEED_NEW_FILE, NULL);
	if (*creditable)
		doubt = exposed ? "others can read what is written here"
				: durable_doubt(seed->dir, SEED_NEW_FILE);
	if (doubt) {
		*creditable = false;
		snprintf(why, SEED_WHY_MAX, "%s", doubt);
	}
	/* With --any-machine, this one may have no name. */
	if (*creditable && seed->machine.name[0] && seed->machine.match != MACHINE_SAME)
		rc = record(seed);
	if (rc != 0) {
		unlinkat(seed->dir, SEED_NEW_FILE, 0);
		return rc;
	}
	rc = files_put(seed->dir, *creditable ? SEED_CREDITABLE : SEED_UNCREDITABLE,
		       &call);
	if (rc != 0)
		return seed_fail(seed, rc, SEED_NEW_FILE, call);
	seed->next_credited = *creditable;
	return 0;
}

/* What can be known of that without writing. */
static void foresee(struct seed *seed, bool *creditable, char why[SEED_WHY_MAX])
{
	const char *doubt = *creditable ? durable_doubt(seed->place, NULL) : NULL;

	if (doubt) {
		*creditable = false;
		snprintf(why, SEED_WHY_MAX, "%s", doubt);
	}
	seed->next_credited = *creditable;
}

static bool is_read_only(const struct seed *seed)
{
	struct statvfs fs;

	return fstatvfs(seed->place, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

int seed_renew(struct seed *seed, const unsigned char disk[SEED_BYTES], bool *creditable,
	       char why[SEED_WHY_MAX])
{
	if (!seed->dry_run)
		return replace(seed, disk, creditable, why);
	if (is_read_only(seed))
		return seed_fail(seed, -EROFS, SEED_NEW_FILE, NULL);
	foresee(seed, creditable, why);
	return 0;
}
