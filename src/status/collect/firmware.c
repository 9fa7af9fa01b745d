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

/*
 * In a driver's directory each bound device is a link; bind, module and uevent are not
 * devices.
 */
static void visit_driver(int dir, const char *name, void *data)
{
	static const char *const others[] = { "bind", "unbind", "uevent", "module" };
	struct search *search = data;

	(void)dir;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(name, others[i]) == 0)
			return;
	search->found = true;
}

/* An ACPI driver in 5.18, a platform driver later (drivers/virt/vmgenid.c). */
static void collect_vmgenid(int root, struct facts *facts)
{
	struct search search = { .found = false };
	int a = read_names(root, "/sys/bus/platform/drivers/vmgenid", visit_driver,
			   &search);
	int b = read_names(root, "/sys/bus/acpi/drivers/vmgenid", visit_driver, &search);

	const char *gap = a == -ENOENT && b == -ENOENT ? read_gap(root, "/sys/bus")
						       : NULL;

	if (gap)
		facts->vmgenid.unknown = gap;
	else if ((a < 0 && a != -ENOENT) || (b < 0 && b != -ENOENT))
		facts->vmgenid.unknown = text_error(a < 0 && a != -ENOENT ? -a : -b);
	else
		fact_flag(&facts->vmgenid, search.found);
}

void collect_firmware(int root, struct facts *facts)
{
	read_presence(root, "/sys/class", "/sys/firmware/efi", &facts->efi);
	read_presence(root, "/sys/class", "/sys/firmware/devicetree/base",
		      &facts->device_tree);
	collect_tpm(root, facts);
	collect_vmgenid(root, facts);
}
