/* SPDX-License-Identifier: MIT */
/* crng seed: carry entropy from one boot to the next, without ever using it twice. */
#include <errno.h>

#include "base/deadline.h"
#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "cli.h"
#include "cmd-seed-options.h"
#include "cmd-seed-provision.h"
#include "cmd-seed-purge.h"
#include "cmd-seed-report.h"
#include "command.h"
#include "expiry.h"
#include "notice.h"
#include "rng/rng.h"
#include "rng/wait.h"
#include "seed/files.h"
#include "status/collect/collect.h"

/* What is not known to be a container is taken for a machine. */
static bool in_container(void)
{
	static struct facts facts;

	return collect_facts(NULL, COLLECT_PLACE, &facts) == 0 &&
	       !facts.container.unknown && !fact_is(&facts.container, "none");
}

static int refuse_container(void)
{
	message("this is a container: the RNG is the host's");
	message_hint("Run it on the host. 'crng wait' tells a container when the RNG is "
		     "ready.\n");
	return STATUS_FAILURE;
}

/* Waits for the RNG as crng wait does. Returns 0, -ETIMEDOUT or -errno. */
static int wait_for_rng(const struct seed_options *o)
{
	struct wait_request request = { .deadline = deadline_after(o->timeout) };
	struct notice notice;

	if (!o->voice.quiet)
		notice_begin(&notice, &request);

	int rc = wait_ready(&request);

	notice_end();
	if (rc == -ETIMEDOUT && !o->voice.quiet)
		expiry_report(&request);
	if (rc == 0 || rc == -ETIMEDOUT)
		return rc;
	message("undetermined: getrandom: %s", text_error(-rc));
	message_hint("Run it again once 'crng check' succeeds.\n");
	return rc;
}

/* Gives up the lock meanwhile, so that no other process has to wait for it. */
static int wait_and_save(const struct seed_options *o, struct seed *seed)
{
	const struct seed_step first = seed->saved;

	seed_close_directory(seed);

	int rc = wait_for_rng(o);

	if (rc != 0)
		return rc == -ETIMEDOUT ? STATUS_EXPIRED : STATUS_FAILURE;
	rc = seed_open_directory(seed);
	if (rc != 0)
		return seed_report_directory(seed, rc);
	rc = seed_save(seed);
	if (rc == 0) {
		seed_report_save(&o->voice, seed);
		return STATUS_OK;
	}
	seed->saved = first;
	return seed_report_failure(seed, rc);
}

/* If the RNG is waited for, the power may fail meanwhile, so there is a first save. */
static int save(const struct seed_options *o, struct seed *seed)
{
	bool waits = o->timeout >= 0 && !o->dry_run && rng_probe() == -EAGAIN;
	int rc = seed_save(seed);

	if (rc != 0)
		return seed_report_failure(seed, rc);
	seed_report_save(&o->voice, seed);
	return waits ? wait_and_save(o, seed) : STATUS_OK;
}

static int load(const struct seed_options *o, struct seed *seed)
{
	int rc = seed_load(seed);

	if (rc == 0 || seed->loaded.done)
		seed_report_load(&o->voice, seed);
	return rc == 0 ? STATUS_OK : seed_report_failure(seed, rc);
}

static int do_steps(const struct seed_options *o, struct seed *seed)
{
	int rc = o->load ? seed_open_device(seed) : 0, status = STATUS_OK;

	if (rc != 0)
		return seed_report_device(seed, rc);
	rc = seed_open_directory(seed);
	if (rc != 0)
		return seed_report_directory(seed, rc);
	if (o->load)
		status = load(o, seed);
	if (status == STATUS_OK && o->save)
		status = save(o, seed);
	if (status == STATUS_OK && !seed->next_credited)
		status = STATUS_NOT_READY;
	return status;
}

static int carry(const struct seed_options *o)
{
	struct seed seed = {
		.path = o->directory ? o->directory : SEED_DIRECTORY,
		.no_credit = o->no_credit,
		.any_machine = o->any_machine,
		.dry_run = o->dry_run,
		.dir = -1,
		.place = -1,
		.device = -1,
	};

	if (in_container())
		return refuse_container();
	files_guard();

	int status = do_steps(o, &seed);

	if (o->voice.json && (seed.loaded.done || seed.saved.done))
		seed_report_json(&seed, status == STATUS_FAILURE, io_out());
	seed_close(&seed);
	return status;
}

static int run_parsed(const struct seed_options *o)
{
	if (o->purge)
		return seed_purge(o->sysroot, o->dry_run, o->voice.quiet,
				  o->voice.verbose);
	if (o->provision)
		return seed_provision(o->sysroot, o->voice.quiet, o->voice.verbose);
	return carry(o);
}

static int run(int argc, char **argv)
{
	struct seed_options o;
	int rc = seed_options_parse(&o, &command_seed, argc, argv);

	if (rc == CLI_RUN)
		rc = run_parsed(&o);
	seed_options_free(&o);
	return rc;
}

const struct command command_seed = {
	.name = "seed",
	.title = "crng seed",
	.summary = "carry a seed from one boot to the next, and never use it twice",
	.synopsis = "[OPTION]...",
	.help = "A seed file lets the kernel's random number generator (RNG) start a boot with\n"
		"the entropy of an earlier one. Load the seed of an earlier boot, and save one\n"
		"for the next. Before a seed is credited (counts towards readiness), it is\n"
		"replaced on the disk. A seed that others may know, or that another machine\n"
		"made, is mixed in without credit.\n"
		"\n"
		"The files are those of SeedRNG and of BusyBox's seedrng, which can take over.\n"
		"Only root (CAP_SYS_ADMIN) on the machine itself can load a seed.\n"
		"\n"
		"Examples:\n"
		"  crng seed                              early at boot\n"
		"  crng wait && crng seed                 on a first boot: save a seed once ready\n"
		"  crng seed --save                       at shutdown\n"
		"  crng seed --purge --sysroot=/mnt       remove all seeds from a golden image\n"
		"  crng seed --provision --sysroot=/mnt   give the image of one machine a seed\n"
		"\n"
		"Exit status: 0 the next boot can credit a seed, 1 not yet: the RNG is not ready,\n"
		"or the seed is in a place that earns no credit, 2 wrong usage, 3 failed, no\n"
		"privilege, or a container, 124 timed out.",
	.run = run,
};
