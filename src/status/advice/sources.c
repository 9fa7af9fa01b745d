/* SPDX-License-Identifier: MIT */
/*
 * Advice on what makes the kernel gather entropy, and on devices that could provide it.
 */
#include <stdio.h>
#include <string.h>

#include "status/advice/condition.h"
#include "status/advice/rules.h"

/*
 * A task that drives the jitter loop is usually running, and then its call cannot be
 * seen.
 */
static bool all_seen(const struct waiters *waiters)
{
	return !waiters->unknown && waiters->scanned && !waiters->hidepid &&
	       waiters->hidden + waiters->running + waiters->skipped == 0 &&
	       waiters->total == waiters->count;
}

/*
 * A process that asks without blocking cannot be seen, so an empty list means the same as
 * one of pollers. A blocking call helps only where the kernel is known to gather and has
 * a timer for it.
 */
static bool only_pollers(const struct facts *facts, char *about)
{
	const struct waiters *waiters = &facts->waiters;

	if (!facts_not_ready(facts) || !all_seen(waiters) || condition_contained(facts) ||
	    !fact_yes(&facts->jitter_seeding) ||
	    timeline_has(&facts->timeline, TIMELINE_NO_CYCLE_COUNTER))
		return false;
	for (size_t i = 0; i < waiters->count; i++)
		if (waiters->list[i].call != WAITER_POLL)
			return false;
	if (waiters->count > 0)
		condition_about(about, waiters->list[0].comm);
	return true;
}

static bool driverless(const struct facts *facts, char *about)
{
	(void)about;
	return fact_is(&facts->virtio_rng, "unbound") && !condition_contained(facts);
}

static bool has_hwrng(const struct facts *facts)
{
	return !facts->hwrng_current.unknown && facts->hwrng_current.text[0] &&
	       !fact_is(&facts->hwrng_current, "none");
}

/* Machines whose host is, or may be, QEMU; no other host offers such a device. */
static bool takes_virtio(const struct fact_text *machine)
{
	return fact_is(machine, "qemu") || fact_is(machine, "kvm") ||
	       fact_is(machine, "openstack") || fact_is(machine, "unknown hypervisor");
}

static bool lacks_virtio(const struct facts *facts, char *about)
{
	if (!takes_virtio(&facts->virtualization) ||
	    !fact_is(&facts->virtio_rng, "absent") || has_hwrng(facts) ||
	    !fact_yes(&facts->needs_help))
		return false;
	condition_about(about, facts->virtualization.text);
	return true;
}

static bool uncredited_hwrng(const struct facts *facts, char *about)
{
	if (!has_hwrng(facts) || facts->hwrng_quality.unknown ||
	    facts->hwrng_quality.number > 0 || condition_contained(facts) ||
	    !fact_yes(&facts->needs_help))
		return false;
	condition_about(about, facts->hwrng_current.text);
	return true;
}

/* Where the administrator has chosen "none" (Linux 6.18), it is off on purpose. */
static bool unused_hwrng(const struct facts *facts, char *about)
{
	const struct fact_text *available = &facts->hwrng_available;

	if (has_hwrng(facts) || available->unknown || condition_contained(facts) ||
	    fact_yes(&facts->hwrng_selected))
		return false;

	size_t len = strcspn(available->text, " ");

	if (len == 0 || available->text[0] == '-' ||
	    strncmp(available->text, "none", len) == 0)
		return false;
	snprintf(about, ADVICE_ABOUT_MAX, "%.*s", (int)len, available->text);
	return true;
}

static const struct advice_template load_drivers_ways[] = {
	ROOT_WAY("modprobe virtio-rng"),
	ROOT_WAY("modprobe -a virtio-pci virtio-rng"),
	NO_WAY,
};

/* Without a driver for the PCI device, there is no virtio device yet. */
static size_t load_drivers(const struct facts *facts, const char *about)
{
	(void)about;
	return fact_yes(&facts->virtio_rng_on_pci);
}

enum { QEMU, LIBVIRT, OPENSTACK };

static const struct advice_template attach_virtio_ways[] = {
	[QEMU] = WAY(QEMU, "-object rng-random,id=rng0,filename=/dev/urandom "
			   "-device virtio-rng,rng=rng0"),
	[LIBVIRT] = WAY(LIBVIRT, "<rng model='virtio'>"
				 "<backend model='random'>/dev/urandom</backend></rng>"),
	[OPENSTACK] = WAY(CONFIG,
			  "hw_rng_model=virtio among the properties of the image"),
	[OPENSTACK + 1] = NO_WAY,
};

/*
 * Machines named KVM are those of Red Hat's builds of QEMU, of KubeVirt and of s390,
 * which libvirt manages. Users of OpenStack reach neither libvirt nor QEMU.
 */
static size_t attach_virtio(const struct facts *facts, const char *about)
{
	(void)facts;
	return strcmp(about, "openstack") == 0 ? OPENSTACK
	       : strcmp(about, "kvm") == 0     ? LIBVIRT
					       : QEMU;
}

const struct advice_rule advice_sources[] = {
	{ .id = "start-blocking-reader",
	  .severity = ADVICE_CRITICAL,
	  .condition = only_pollers,
	  .sentence = "Nothing is prompting the kernel to gather entropy, so a process "
		      "that only polls may wait forever.",
	  .explanation =
		  "Since Linux 5.4, a blocking getrandom() makes the kernel gather entropy from the\n"
		  "jitter of its own timer. poll() on /dev/random and getrandom() with\n"
		  "GRND_NONBLOCK never do. On an idle machine, processes that only poll may\n"
		  "therefore wait forever, although one blocking call would make the RNG ready\n"
		  "within seconds. 'crng wait' makes that call.",
	  .ways = ONE(WAY(SHELL, "crng wait")) },
	{ .id = "load-virtio-rng-driver",
	  .severity = ADVICE_WARNING,
	  .condition = driverless,
	  .sentence = "The host offers a virtio-rng device, but it has no driver, so the "
		      "RNG gets nothing from it.",
	  .explanation =
		  "With its driver, the device makes the RNG ready within milliseconds. Add the\n"
		  "modules to the initramfs as well, so that the device is available at the next\n"
		  "boot before the RNG is needed.",
	  .ways = load_drivers_ways,
	  .choose = load_drivers },
	{ .id = "add-virtio-rng",
	  .severity = ADVICE_WARNING,
	  .condition = lacks_virtio,
	  .sentence = "This virtual machine has no virtio-rng device, and its RNG is "
		      "slow to become ready.",
	  .explanation =
		  "An idle guest has few events to gather entropy from, while its host has plenty.\n"
		  "Give the guest a virtio-rng device: with two options of QEMU, with an <rng>\n"
		  "element among the devices of a libvirt domain, or with the property hw_rng_model\n"
		  "of an OpenStack image.",
	  .ways = attach_virtio_ways,
	  .choose = attach_virtio },
	{ .id = "hwrng-quality-zero",
	  .severity = ADVICE_WARNING,
	  .condition = uncredited_hwrng,
	  .sentence = "A hardware generator is in use, but none of its output is "
		      "credited, so it never makes the RNG ready.",
	  .explanation =
		  "Before Linux 6.2, the output of a device whose driver states no quality is mixed\n"
		  "in without credit: its quality is 0 of 1024, so it does not count towards\n"
		  "readiness. If you trust the device, put this argument on the kernel's command\n"
		  "line, or run rngd.",
	  .ways = ONE(WAY(KERNEL_ARGUMENT, "rng_core.default_quality=1000")) },
	{ .id = "hwrng-unused",
	  .severity = ADVICE_WARNING,
	  .condition = unused_hwrng,
	  .sentence =
		  "A hardware generator is available, but the kernel does not use it.",
	  .explanation =
		  "Writing the name of a generator to rng_current makes the kernel take entropy\n"
		  "from it, until the next boot.",
	  .ways = ONE(ROOT_WAY("echo @ > /sys/class/misc/hw_random/rng_current")),
	  .example = "virtio_rng.0" },
	{ .id = NULL },
};
