/* SPDX-License-Identifier: MIT */
/*
 * Which virtual machine this is, if any: what systemd-detect-virt(1) looks at, but from
 * files alone, so that it can be found in a captured tree as well. Where no sign is found
 * the machine may be physical or not; only some platforms prove it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "base/root.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define DMI "/sys/class/dmi/id/"
#define DEVICE_TREE "/sys/firmware/devicetree/base"

enum { TEXT_MAX = 16384 };

/* What a sign says besides the kind of machine. */
enum meaning {
	GUEST, /* the machine is a guest */
	CLOUD, /* the cloud it belongs to, which has physical machines as well */
	XEN,   /* Xen is there, whose first domain has the hardware */
};

/* A file whose text tells the kind. Without a needle its existence is enough. */
struct sign {
	const char *path, *needle, *kind;
	enum meaning meaning;
};

static const struct sign signs[] = {
	{ "/proc/cpuinfo", "User Mode Linux", "uml", GUEST },
	{ "/proc/sys/kernel/osrelease", "icrosoft", "wsl", GUEST },
	{ DMI "sys_vendor", "Amazon EC2", "amazon", CLOUD },
	{ DMI "product_name", "Google Compute Engine", "google", CLOUD },
	{ DMI "product_name", "OpenStack", "openstack", CLOUD },
	{ DMI "product_name", "KubeVirt", "kvm", GUEST },
	{ DMI "product_name", "KVM", "kvm", GUEST },
	{ DMI "sys_vendor", "QEMU", "qemu", GUEST },
	{ DMI "product_name", "VMware", "vmware", GUEST },
	{ DMI "product_name", "VirtualBox", "virtualbox", GUEST },
	{ DMI "sys_vendor", "Parallels", "parallels", GUEST },
	{ DMI "sys_vendor", "Apple Virtualization", "apple", GUEST },
	{ DMI "product_name", "BHYVE", "bhyve", GUEST },
	{ DMI "product_name", "Virtual Machine", "hyper-v", GUEST },
	{ DMI "sys_vendor", "Xen", "xen", XEN },
	{ DMI "bios_vendor", "Bochs", "bochs", GUEST },
	{ "/sys/hypervisor/type", "xen", "xen", XEN },
	{ "/proc/xen", NULL, "xen", XEN },
	{ DEVICE_TREE "/hypervisor/compatible", "linux,kvm", "kvm", GUEST },
	{ DEVICE_TREE "/hypervisor/compatible", "xen", "xen", XEN },
	{ DEVICE_TREE "/hypervisor/compatible", "vmware", "vmware", GUEST },
	{ DEVICE_TREE "/hypervisor", NULL, "unknown hypervisor", GUEST },
	{ DEVICE_TREE "/compatible", "qemu,", "qemu", GUEST },
	{ DEVICE_TREE "/compatible", "riscv-virtio", "qemu", GUEST },
	{ "/proc/cpuinfo", "(emulated by qemu)", "qemu", GUEST },
	{ DEVICE_TREE "/ibm,partition-name", NULL, "powervm", GUEST },
	{ DEVICE_TREE "/compatible", "linux,dummy-virt", "unknown hypervisor", GUEST },
	{ "/proc/sysinfo", "VM00 Control Program: KVM", "kvm", GUEST },
	{ "/proc/sysinfo", "VM00 Control Program: z/VM", "zvm", GUEST },
	{ "/proc/sysinfo", "VM00 ", "unknown hypervisor", GUEST },
	{ "/sys/hypervisor/type", NULL, "unknown hypervisor", XEN },
};

/*
 * Reads a file that may be a device tree's, in which a NUL ends each string. Returns the
 * length, or -1 where the file cannot be read or does not fit.
 */
static long read_all(int root, const char *path, char *text, size_t size)
{
	long len = root_read(root, path, text, size);

	for (long i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	return len < (long)size - 1 ? len : -1;
}

static bool says(int root, const char *path, const char *needle)
{
	char text[TEXT_MAX];

	text[0] = '\0';
	read_all(root, path, text, sizeof(text));
	return strstr(text, needle) != NULL;
}

/* On x86: does the CPU say that it is virtual? 1, 0, or -1 on another architecture. */
static int hypervisor_flag(int root)
{
	char cpuinfo[TEXT_MAX], flags[4096];

	if (root_read(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo)) < 0 ||
	    !cpuinfo_value(cpuinfo, "flags", flags, sizeof(flags)))
		return -1;
	return cpuinfo_has(flags, "hypervisor");
}

/* Xen's first domain: XENFEAT_dom0, bit 11 (xen/include/public/features.h). */
static bool is_dom0(int root)
{
	char text[32];

	if (says(root, "/proc/xen/capabilities", "control_d"))
		return true;
	if (root_read(root, "/sys/hypervisor/properties/features", text, sizeof(text)) <
	    0)
		return false;
	return strtoul(text, NULL, 16) & 1UL << 11;
}

static bool is_cloud_metal(int root)
{
	return says(root, DMI "product_name", ".metal");
}

static bool applies(int root, const struct sign *sign)
{
	if (sign->needle ? !says(root, sign->path, sign->needle)
			 : root_exists(root, sign->path) != 1)
		return false;
	if (sign->meaning == CLOUD)
		return hypervisor_flag(root) != 0 && !is_cloud_metal(root);
	return sign->meaning != XEN || !is_dom0(root);
}

static void visit_fw_cfg(int dir, const char *name, void *data)
{
	(void)dir;
	*(bool *)data |= strncmp(name, "fw-cfg", strlen("fw-cfg")) == 0;
}

/* QEMU's own device, "fw-cfg@9020000", whatever the name of the board. */
static bool has_fw_cfg(int root)
{
	bool found = false;

	read_names(root, DEVICE_TREE, visit_fw_cfg, &found);
	return found;
}

static const char *find_kind(int root)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strcmp(signs[i].kind, "unknown hypervisor") != 0 &&
		    applies(root, &signs[i]))
			return signs[i].kind;
	if (has_fw_cfg(root))
		return "qemu";
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (applies(root, &signs[i]))
			return signs[i].kind;
	return hypervisor_flag(root) == 1 && !is_dom0(root) ? "unknown hypervisor" : NULL;
}

/*
 * For a machine without a sign. /proc/sysinfo exists on s390 and names the hypervisors.
 */
static bool is_physical(int root)
{
	char text[TEXT_MAX];

	return hypervisor_flag(root) == 0 || is_dom0(root) || is_cloud_metal(root) ||
	       read_all(root, "/proc/sysinfo", text, sizeof(text)) > 0 ||
	       says(root, DEVICE_TREE "/compatible", "ibm,powernv");
}

void collect_virtualization(int root, struct facts *facts)
{
	struct fact_text *fact = &facts->virtualization;
	const char *kind = find_kind(root);
	int there = root_exists(root, "/proc/cpuinfo");
	const char *gap = there == 0 ? read_gap(root, "/proc/sys") : NULL;

	if (kind || is_physical(root))
		fact_text(fact, kind ? kind : "none");
	else if (there == 1)
		fact->unknown = "nothing proves that it is physical";
	else
		fact->unknown = gap ? gap : "/proc/cpuinfo cannot be read";
}
