/* SPDX-License-Identifier: MIT */
/*
 * Which kernel this is, and what it answers. Of a captured tree only the files of
 * /proc/sys/kernel/random tell, which changed along with the RNG.
 */
#include <errno.h>
#include <sys/utsname.h>

#include "base/root.h"
#include "base/text.h"
#include "rng/rng.h"
#include "rng/vdso.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

static void read_captured_kernel(int root, struct facts *facts)
{
	read_text(root, "/proc/sys/kernel/osrelease", &facts->kernel_release);
	read_text(root, "/proc/sys/kernel/arch", &facts->kernel_machine);
	facts->grnd_insecure.unknown = read_live_only;
	facts->vdso_getrandom.unknown = read_live_only;
}

static void ask_kernel(struct facts *facts)
{
	struct utsname names;
	int rc = rng_knows_insecure();

	if (rc == 0 || rc == -EINVAL)
		fact_flag(&facts->grnd_insecure, rc == 0);
	else
		facts->grnd_insecure.unknown = text_error(-rc);
	fact_flag(&facts->vdso_getrandom, vdso_has_getrandom());
	if (uname(&names) == 0) {
		fact_text(&facts->kernel_release, names.release);
		fact_text(&facts->kernel_machine, names.machine);
	}
}

/* A threshold is known to be missing only where the rest of /proc/sys exists. */
void collect_kernel(int root, struct facts *facts)
{
	if (root == ROOT_LIVE)
		ask_kernel(facts);
	else
		read_captured_kernel(root, facts);
	read_presence(root, "/proc/sys", READ_RANDOM "write_wakeup_threshold",
		      &facts->write_wakeup);
	read_presence(root, "/proc/sys", READ_RANDOM "read_wakeup_threshold",
		      &facts->read_wakeup);
}
