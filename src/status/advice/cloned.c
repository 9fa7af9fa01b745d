/* SPDX-License-Identifier: MIT */
/* Advice on machines that are cloned, or restored from a snapshot. */
#include <string.h>

#include "status/advice/condition.h"
#include "status/advice/rules.h"

/* A RNG that is not ready needs a seed, and crng reseed refuses it. */
static bool stale_clone(const struct facts *facts, char *about)
{
	(void)about;
	return fact_yes(&facts->cloned_not_reseeded) && !facts_not_ready(facts) &&
	       !condition_contained(facts);
}

/*
 * Hypervisors whose machines users restore from snapshots while they run. Firecracker and
 * Cloud Hypervisor have no name that a guest could see.
 */
static bool takes_snapshots(const struct fact_text *machine)
{
	static const char *const kinds[] = {
		"qemu", "kvm", "unknown hypervisor", "vmware", "virtualbox", "parallels",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (fact_is(machine, kinds[i]))
			return true;
	return false;
}

/* The kernel ignores a change of VMClock, but crng reseed --watch does not. */
static bool lacks_signal(const struct facts *facts, char *about)
{
	if (!takes_snapshots(&facts->virtualization) || condition_contained(facts) ||
	    facts->vmgenid_device.unknown || fact_is(&facts->vmgenid_device, "bound") ||
	    !facts->vm_generation.unknown || facts->vmclock.unknown ||
	    fact_is(&facts->vmclock, "bound"))
		return false;
	condition_about(about, facts->virtualization.text);
	return true;
}

/* Without a source of its own, the machine needs bytes from outside; see crng-reseed. */
static const struct advice_template reseed_ways[] = {
	ROOT_WAY("crng reseed"),
	WAY(TEXT, "As root, run 'crng reseed --input=-', and give it at least 32 random "
		  "bytes from another machine."),
	NO_WAY,
};

static size_t reseed(const struct facts *facts, const char *about)
{
	const struct fact_text *device = &facts->hwrng_current;

	(void)about;
	return fact_is(&facts->cpu_rng, "none") &&
	       (device->unknown || device->text[0] == '\0' || fact_is(device, "none"));
}

enum { QEMU, LIBVIRT, DRIVER, HOOK };

static const struct advice_template signal_ways[] = {
	[QEMU] = WAY(QEMU, "-device vmgenid"),
	[LIBVIRT] = WAY(LIBVIRT, "<genid/>"),
	[DRIVER] = WAY(TEXT, "Load the driver vmgenid, or use a kernel that has it "
			     "(CONFIG_VMGENID)."),
	[HOOK] = WAY(TEXT, "Run 'crng reseed --input=FILE' in the hook that restores the "
			   "machine, with new random bytes from the host in FILE."),
	[HOOK + 1] = NO_WAY,
};

static size_t give_signal(const struct facts *facts, const char *about)
{
	return fact_is(&facts->vmgenid_device, "unbound") ? DRIVER
	       : strcmp(about, "qemu") == 0		  ? QEMU
	       : strcmp(about, "kvm") == 0		  ? LIBVIRT
							  : HOOK;
}

const struct advice_rule advice_clones[] = {
	{ .id = "reseed-after-clone",
	  .severity = ADVICE_CRITICAL,
	  .condition = stale_clone,
	  .sentence = "This machine was cloned, and its RNG is not known to have been "
		      "reseeded since, so other clones may get the same random bytes.",
	  .explanation =
		  "A clone begins with the state that the RNG had in the snapshot, and so does each\n"
		  "other clone of it. VMClock, a device by which a hypervisor tells its guest of a\n"
		  "clone, has a counter that has changed since crng recorded it. The command mixes\n"
		  "in bytes that no other clone has, and makes the kernel use them. If the machine\n"
		  "has no source of such bytes, send them from another machine. Replace keys and\n"
		  "tokens that were made between the clone and the reseed, and restart programs\n"
		  "that have generators of their own.",
	  .ways = reseed_ways,
	  .choose = reseed },
	{ .id = "no-clone-signal",
	  .severity = ADVICE_INFO,
	  .condition = lacks_signal,
	  .sentence = "Nothing tells the kernel when this virtual machine is cloned or "
		      "restored from a snapshot.",
	  .explanation =
		  "Until its next reseed, which may be a minute later, a clone can give the same\n"
		  "random bytes as the other clones of its snapshot. vmgenid is a virtual device by\n"
		  "which the kernel notices a clone, and then soon reseeds (since Linux 5.18 with\n"
		  "ACPI, since 6.10 with a device tree). Give it to the guest with an option of\n"
		  "QEMU, or with the element <genid/> of a libvirt domain. If the hypervisor has no\n"
		  "vmgenid, reseed in the hook that restores the machine, before anything there\n"
		  "needs random bytes. If this machine is never cloned while it runs, ignore this.",
	  .ways = signal_ways,
	  .choose = give_signal },
	{ .id = NULL },
};
