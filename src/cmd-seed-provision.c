/* SPDX-License-Identifier: MIT */
/* crng seed --provision: the image of one device starts with a seed of its own. */
#include "cmd-seed-provision.h"

#include <errno.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "cmd-seed-sysroot.h"
#include "command.h"
#include "seed/files.h"
#include "seed/provision.h"

static int report_rng(int rc)
{
	if (rc != -EAGAIN) {
		message("undetermined: getrandom: %s", text_error(-rc));
		return STATUS_FAILURE;
	}
	message("the kernel RNG of this machine is not ready: it cannot make a seed for "
		"another one");
	message_hint("Wait for it with 'crng wait'. Nothing was changed.\n");
	return STATUS_NOT_READY;
}

static const char *reason(const struct provision *p, int rc)
{
	if (p->problem)
		return p->problem;
	if (rc == -EEXIST)
		return "already there";
	return rc == -ETIMEDOUT ? "another process has locked it for 10 s"
				: text_error(-rc);
}

static const char *hint(const struct provision *p, int rc)
{
	if (p->step == PROVISION_PARENT && rc == -ENOENT)
		return "DIR must be the root of an image, which has this directory.";
	if (p->step == PROVISION_DIRECTORY && p->problem)
		return "It must belong to root, and only root may write to it.";
	return p->step == PROVISION_ABSENCE && rc == -EEXIST
		       ? "Remove it with 'crng seed --purge --sysroot=DIR'."
		       : NULL;
}

static int report_failure(const struct provision *p, int rc)
{
	if (p->step == PROVISION_RNG)
		return report_rng(rc);
	message("%s: %s", p->path, reason(p, rc));

	const char *next = hint(p, rc);

	message_hint("%s%sNo seed was written.\n", next ? next : "", next ? " " : "");
	return STATUS_FAILURE;
}

/* The device requires this, no matter which user made the image. */
static void warn_of_owner(const struct provision *p)
{
	if (p->owner == 0 && p->dir_owner == 0)
		return;
	message(SEED_DIRECTORY
		": belongs to user %u: the device credits only a seed that root owns",
		(unsigned int)(p->owner ? p->owner : p->dir_owner));
	message_hint("Give the directory and the seed to root, as in 'chown -R 0:0'.\n");
}

static int report(const struct provision *p, bool quiet, bool verbose)
{
	if (!quiet)
		message("provisioned 256 bits, creditable");
	if (verbose) {
		message("the seed is in %s", p->path);
		message("the first load binds it to its machine: use this image for one "
			"device only");
	}
	warn_of_owner(p);
	return STATUS_OK;
}

int seed_provision(const char *sysroot, bool quiet, bool verbose)
{
	int root = sysroot_open(sysroot);
	struct provision p;

	if (root < 0)
		return STATUS_FAILURE;
	files_guard();

	int rc = provision(root, &p);

	close(root);
	return rc == 0 ? report(&p, quiet, verbose) : report_failure(&p, rc);
}
