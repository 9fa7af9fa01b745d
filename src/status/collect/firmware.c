/* SPDX-License-Identifier: MIT */
/*
 * What firmware can contribute. The kernel wipes the seeds that it took, so it cannot be
 * known whether there was one, only whether the firmware could have passed one.
 */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

struct search {
	bool found;
};

static void visit_tpm(int dir, const char *name, void *data)
{
	struct search *search = data;

	(void)dir;
	search->found |= strncmp(name, "tpm", 3) == 0;
}

static void collect_tpm(int root, struct facts *facts)
{
	struct search search = { .found = false };
	int rc = read_names(root, "/sys/class/tpm", visit_tpm, &search);

	const char *gap = rc == -ENOENT ? read_gap(root, "/sys/class") : NULL;

	if (gap || (rc < 0 && rc != -ENOENT))
		facts->tpm.unknown = gap ? gap : text_error(-rc);
	else
		fact_flag(&facts->tpm, search.found);
}

void collect_firmware(int root, struct facts *facts)
{
	read_presence(root, "/sys/class", "/sys/firmware/efi", &facts->efi);
	read_presence(root, "/sys/class", "/sys/firmware/devicetree/base",
		      &facts->device_tree);
	collect_tpm(root, facts);
}
