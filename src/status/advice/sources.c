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

/*
 * The name becomes part of a command, so it must look like that of a driver. Where the
 * administrator has chosen "none" (Linux 6.18), it is switched off on purpose.
 */
static bool unused_hwrng(const struct facts *facts, char *about)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-";
	const struct fact_text *available = &facts->hwrng_available;

	if (has_hwrng(facts) || available->unknown || condition_contained(facts) ||
	    fact_yes(&facts->hwrng_selected))
		return false;

	size_t len = strcspn(available->text, " ");

	if (len == 0 || len != strspn(available->text, plain) ||
	    strncmp(available->text, "none", len) == 0)
		return false;
	snprintf(about, ADVICE_ABOUT_MAX, "%.*s", (int)len, available->text);
	return true;
}

const struct advice_rule advice_sources[] = {
	{ "start-blocking-reader",
	  ADVICE_CRITICAL,
	  only_pollers,
	  "Nothing makes the kernel gather entropy: who polls, or asks without blocking, "
	  "may wait for ever.",
	  { ADVICE_SHELL, "crng wait" },
	  "From Linux 5.4 on a blocking getrandom() makes the kernel gather entropy from\n"
	  "the jitter of its own timer. poll() on /dev/random and getrandom() with\n"
	  "GRND_NONBLOCK never do. On an idle machine those who only poll may wait for\n"
	  "ever, where one blocking call would end it within seconds. 'crng wait' makes\n"
	  "that call." },
	{ "load-virtio-rng-driver",
	  ADVICE_WARNING,
	  driverless,
	  "The host offers a virtio-rng device, but no driver is bound to it.",
	  { ADVICE_SHELL, "modprobe -a virtio-pci virtio-rng" },
	  "The device is on the PCI or the virtio bus without a driver. Load the modules,\n"
	  "and put them into the initramfs, so that the device is there when the RNG needs\n"
	  "it: with it the RNG is ready within milliseconds." },
	{ "add-virtio-rng",
	  ADVICE_WARNING,
	  lacks_virtio,
	  "This virtual machine has no virtio-rng device, and its RNG is slow to be ready.",
	  { ADVICE_QEMU, "-object rng-random,id=rng0,filename=/dev/urandom "
			 "-device virtio-rng,rng=rng0" },
	  "An idle guest has few events to gather entropy from. The host has plenty; give\n"
	  "the guest a virtio-rng device. The setting is that of QEMU; libvirt takes\n"
	  "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>." },
	{ "hwrng-quality-zero",
	  ADVICE_WARNING,
	  uncredited_hwrng,
	  "The hardware generator is in use, but what it gives is not credited: quality 0.",
	  { ADVICE_KERNEL_ARGUMENT, "rng_core.default_quality=1000" },
	  "Before Linux 6.2 a device whose driver names no quality is credited with 0 of\n"
	  "1024 bits, so that it never makes the RNG ready. Put the setting on the kernel's\n"
	  "command line, or run rngd, if you trust the device." },
	{ "hwrng-unused",
	  ADVICE_WARNING,
	  unused_hwrng,
	  "There is a hardware generator, and the kernel does not use it.",
	  { ADVICE_SHELL, "echo @ > /sys/class/misc/hw_random/rng_current" },
	  "A generator is available, but none is selected. Writing its name to rng_current\n"
	  "makes the kernel take entropy from it." },
	{ NULL, ADVICE_INFO, NULL, NULL, { ADVICE_TEXT, NULL }, NULL },
};
