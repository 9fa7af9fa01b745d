/* SPDX-License-Identifier: MIT */
/*
 * What tells that this machine was cloned or restored from a snapshot: vmgenid and
 * VMClock, by which a hypervisor says so, the generation of VMClock that crng recorded,
 * and how often the kernel has reseeded its RNG.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/root.h"
#include "base/text.h"
#include "rng/generation.h"
#include "rng/vmclock.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define PLATFORM "/sys/bus/platform/devices"

enum { IDS_MAX = 4, DEVICES_MAX = 4096 /* of a bus, as in hwrng.c */ };

/*
 * A device, by the name of its driver and the IDs in its modalias: those of ACPI between
 * colons, and that of a device tree after a C.
 */
struct signal {
	const char *driver;
	const char *ids[IDS_MAX];
};

/* drivers/virt/vmgenid.c, 5.18 to 7.1; QEMUVGID is QEMU's own ID of it. */
static const struct signal vmgenid = {
	"vmgenid",
	{ ":VMGENCTR:", ":VM_GEN_COUNTER:", ":QEMUVGID:", "Cmicrosoft,vmgenid" },
};

/* drivers/ptp/ptp_vmclock.c, 6.13 to 7.1 */
static const struct signal vmclock = {
	"vmclock",
	{ ":VMCLOCK:", ":AMZNC10C:", "Camazon,vmclock" },
};

struct search {
	const struct signal *signal;
	const char *devices;
	int root;
	bool found;
	int error; /* -errno of a device that could not be read */
	unsigned int seen;
};

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

/*
 * Has the driver a device? 1, 0 or -errno. vmgenid's is an ACPI driver in 5.18, and a
 * platform driver later.
 */
static int is_bound(int root, const struct signal *signal)
{
	static const char *const buses[] = { "platform", "acpi" };
	struct search search = { .found = false };
	int error = 0;

	for (size_t i = 0; i < sizeof(buses) / sizeof(*buses); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", buses[i],
			 signal->driver);

		int rc = read_names(root, path, visit_driver, &search);

		if (rc < 0 && rc != -ENOENT)
			error = rc;
	}
	return search.found ? 1 : error;
}

static void visit_device(int dir, const char *name, void *data)
{
	struct search *search = data;
	char path[512], alias[256];

	(void)dir;
	if (search->found || search->seen++ >= DEVICES_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%s/modalias", search->devices, name);

	long len = root_read(search->root, path, alias, sizeof(alias));

	if (len < 0 && len != -ENOENT && len != -ENOTDIR)
		search->error = (int)len;
	if (len < 0)
		return;
	for (size_t i = 0; i < IDS_MAX && search->signal->ids[i]; i++)
		search->found |= strcasestr(alias, search->signal->ids[i]) != NULL;
}

/*
 * Does the hypervisor offer the device, with or without a driver? 1, 0 or -errno. The
 * platform bus has all that may have a driver; up to 6.9 vmgenid is on the other alone.
 */
static int is_offered(int root, const struct signal *signal)
{
	struct search search = { .signal = signal, .devices = PLATFORM, .root = root };
	int rc = read_names(root, search.devices, visit_device, &search);

	search.devices = "/sys/bus/acpi/devices";

	int acpi = read_names(root, search.devices, visit_device, &search);

	if (rc == 0 && acpi != -ENOENT)
		rc = acpi;
	if (search.found)
		return 1;
	return search.seen > DEVICES_MAX ? -E2BIG : rc == 0 ? search.error : rc;
}

static void name_state(int root, const struct signal *signal, int bound,
		       struct fact_text *fact)
{
	int offered = bound == 1 ? 1 : is_offered(root, signal);
	const char *gap = offered == -ENOENT ? read_gap(root, "/sys/bus") : NULL;

	if (offered == 1 || (offered == 0 && bound == 0))
		fact_text(fact, bound == 1     ? "bound"
				: offered == 1 ? "unbound"
					       : "absent");
	else if (offered == -ENOENT)
		fact->unknown = gap ? gap : "the platform's devices are not listed";
	else if (offered == -E2BIG)
		fact->unknown = "there are too many devices to examine";
	else
		fact->unknown = text_error(offered < 0 ? -offered : -bound);
}

static void collect_vmgenid(int root, struct facts *facts)
{
	int bound = is_bound(root, &vmgenid);
	const char *gap = bound == 0 ? read_gap(root, "/sys/bus") : NULL;

	if (bound < 0 || gap)
		facts->vmgenid.unknown = gap ? gap : text_error(-bound);
	else
		fact_flag(&facts->vmgenid, bound);
	name_state(root, &vmgenid, bound, &facts->vmgenid_device);
}

static const char *why_missing(int root, const struct fact_text *state)
{
	if (state->unknown)
		return state->unknown;
	if (fact_is(state, "absent"))
		return "there is no VMClock";
	if (fact_is(state, "unbound"))
		return "VMClock has no driver";
	return root == ROOT_LIVE ? "there is no " VMCLOCK_PATH
				 : "the captured tree has no dev/vmclock0";
}

static const char *why_not_counted(int root, long got, const struct facts *facts)
{
	if (got >= 0)
		return "this VMClock has no counter of clones";
	if (got == -ENOENT || got == -ENOTDIR)
		return why_missing(root, &facts->vmclock);
	if (got == -EACCES || got == -EPERM)
		return "only root can read " VMCLOCK_PATH;
	if (got == -EPROTO || got == -ENODATA)
		return VMCLOCK_PATH " does not hold a VMClock";
	return text_error((int)-got);
}

/* The device may be hidden from this user or container, and then /sys still shows it. */
static void collect_vmclock(int root, struct facts *facts)
{
	struct fact_number *generation = &facts->vm_generation;
	unsigned char data[VMCLOCK_BYTES];
	struct vmclock clock;
	int bound = is_bound(root, &vmclock);
	long got = vmclock_look(root, data, &clock);

	if (got >= 0 || root_exists(root, "/sys/class/misc/vmclock0") == 1)
		bound = 1;
	name_state(root, &vmclock, bound, &facts->vmclock);
	if (got < 0 || !clock.counts)
		generation->unknown = why_not_counted(root, got, facts);
	else if (clock.generation > INT64_MAX)
		generation->unknown = "VMClock's counter is too large to be shown";
	else
		fact_number(generation, clock.generation);
}

/* crng reseed writes the record. It lies in memory, so a snapshot carries it along. */
static void collect_record(int root, struct facts *facts)
{
	struct stat st;
	int fd = root_open(root, VMCLOCK_RECORD);

	read_number(root, VMCLOCK_RECORD, &facts->vm_recorded);
	facts->vm_recorded_at.unknown = facts->vm_recorded.unknown;
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_mtime >= 0)
		fact_number(&facts->vm_recorded_at, (uint64_t)st.st_mtime);
	close(fd);
}

/* A call of the vDSO would wait for a RNG that is not ready. */
static void collect_reseeds(int root, struct facts *facts)
{
	struct fact_number *reseeds = &facts->reseeds;
	uint64_t number;
	int rc = facts->probe.number == 0 ? 0 : -EAGAIN;

	if (root != ROOT_LIVE || facts->probe.unknown) {
		reseeds->unknown = root != ROOT_LIVE ? read_live_only
						     : facts->probe.unknown;
		return;
	}
	if (rc == 0)
		rc = generation_read(&number);
	/* The kernel shows the vDSO one more, so that none is never shown as 0. */
	if (rc == 0)
		fact_number(reseeds, number - 1);
	else if (rc == -EAGAIN)
		reseeds->unknown = "the RNG is not known to be ready";
	else if (rc == -EPROTO)
		reseeds->unknown = "the state of the vDSO's getrandom() has another "
				   "layout";
	else if (rc != -ENOSYS)
		reseeds->unknown = text_error(-rc);
	else
		reseeds->unknown = fact_yes(&facts->vdso_getrandom)
					   ? "the vDSO's getrandom() cannot be called"
					   : "the counter cannot be read without "
					     "getrandom() in the vDSO (Linux 6.11)";
}

void collect_clones(int root, struct facts *facts)
{
	collect_vmgenid(root, facts);
	collect_vmclock(root, facts);
	collect_record(root, facts);
	collect_reseeds(root, facts);
}
