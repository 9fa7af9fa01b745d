/* SPDX-License-Identifier: MIT */
/* Advice on where entropy could come from and does not. */
#include <stdio.h>
#include <string.h>

#include "advice.h"

static void set_about(char *about, const char *text)
{
	snprintf(about, ADVICE_ABOUT_MAX, "%s", text);
}

static bool logged(const struct facts *facts, enum timeline_kind kind)
{
	for (size_t i = 0; i < facts->timeline.count; i++)
		if (facts->timeline.events[i].kind == kind)
			return true;
	return false;
}

/*
 * Those who ask without blocking cannot be seen, so that nobody is the same as pollers.
 */
static bool only_pollers(const struct facts *facts, char *about)
{
	const struct waiters *waiters = &facts->waiters;

	if (!facts_not_ready(facts) || waiters->unknown || !waiters->scanned ||
	    waiters->hidden > 0 || waiters->hidepid || fact_no(&facts->jitter_seeding))
		return false;
	for (size_t i = 0; i < waiters->count; i++)
		if (waiters->list[i].call != WAITER_POLL)
			return false;
	if (waiters->count > 0)
		set_about(about, waiters->list[0].comm);
	return true;
}

static bool driverless(const struct facts *facts, char *about)
{
	(void)about;
	return fact_is(&facts->virtio_rng, "unbound") && !advice_contained(facts);
}

static bool has_hwrng(const struct facts *facts)
{
	return !facts->hwrng_current.unknown && facts->hwrng_current.text[0] &&
	       !fact_is(&facts->hwrng_current, "none");
}

static bool lacks_virtio(const struct facts *facts, char *about)
{
	bool machine = !facts->virtualization.unknown &&
		       !fact_is(&facts->virtualization, "none");

	if (!machine || !fact_is(&facts->virtio_rng, "absent") || has_hwrng(facts) ||
	    !advice_troubled(facts))
		return false;
	set_about(about, facts->virtualization.text);
	return true;
}

static bool uncredited_hwrng(const struct facts *facts, char *about)
{
	if (!has_hwrng(facts) || !fact_no(&facts->hwrng_quality))
		return false;
	set_about(about, facts->hwrng_current.text);
	return true;
}

/* The name becomes a part of a command: it must be one that a driver would have. */
static bool unused_hwrng(const struct facts *facts, char *about)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-";
	const struct fact *available = &facts->hwrng_available;

	if (has_hwrng(facts) || available->unknown)
		return false;

	size_t len = strcspn(available->text, " ");

	if (len == 0 || len != strspn(available->text, plain) ||
	    strncmp(available->text, "none", len) == 0)
		return false;
	snprintf(about, ADVICE_ABOUT_MAX, "%.*s", (int)len, available->text);
	return true;
}

static bool distrusted_cpu(const struct facts *facts, char *about)
{
	if (facts->cpu_rng.unknown || fact_is(&facts->cpu_rng, "none") ||
	    !fact_no(&facts->cpu_trusted) || !advice_troubled(facts))
		return false;
	set_about(about, facts->cpu_trust_why.text);
	return true;
}

static bool distrusted_bootloader(const struct facts *facts, char *about)
{
	(void)about;
	return advice_troubled(facts) &&
	       (fact_yes(&facts->efi) || fact_yes(&facts->device_tree)) &&
	       (fact_is(&facts->trust_bootloader, "off") ||
		(facts->trust_bootloader.unknown &&
		 fact_is(&facts->config_trust_bootloader, "n")));
}

static bool no_cycle_counter(const struct facts *facts, char *about)
{
	(void)about;
	return logged(facts, TIMELINE_NO_CYCLE_COUNTER);
}

static bool unreliable_cpu(const struct facts *facts, char *about)
{
	(void)about;
	return logged(facts, TIMELINE_CPU_UNRELIABLE);
}

static bool pointless_daemon(const struct facts *facts, char *about)
{
	if (!fact_no(&facts->daemons_useful))
		return false;
	set_about(about, facts->daemons.text);
	return true;
}

const struct advice_rule advice_sources[] = {
	{ "start-blocking-reader", ADVICE_CRITICAL, only_pollers,
	  "Nothing makes the kernel gather entropy: who polls, or asks without blocking, "
	  "may wait for ever.",
	  "crng wait",
	  "From Linux 5.4 on a blocking getrandom() makes the kernel gather entropy from\n"
	  "the jitter of its own timer. poll() on /dev/random and getrandom() with\n"
	  "GRND_NONBLOCK never do. On an idle machine those who only poll may wait for\n"
	  "ever, where one blocking call would end it within seconds. 'crng wait' makes\n"
	  "that call." },
	{ "load-virtio-rng-driver", ADVICE_WARNING, driverless,
	  "The host offers a virtio-rng device, but no driver is bound to it.",
	  "modprobe virtio-rng",
	  "The device is on the virtio bus without a driver. Load the module, and put it\n"
	  "into the initramfs, so that the device is there when the RNG needs it: with it\n"
	  "the RNG is ready within milliseconds." },
	{ "add-virtio-rng", ADVICE_WARNING, lacks_virtio,
	  "This virtual machine has no virtio-rng device, and its RNG is slow to be ready.",
	  "-object rng-random,id=rng0,filename=/dev/urandom -device virtio-rng-pci,rng=rng0",
	  "An idle guest has few events to gather entropy from. The host has plenty; give\n"
	  "the guest a virtio-rng device. The setting is that of QEMU; libvirt takes\n"
	  "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>." },
	{ "hwrng-quality-zero", ADVICE_WARNING, uncredited_hwrng,
	  "The hardware generator is in use, but what it gives is not credited: quality 0.",
	  "rng_core.default_quality=1000",
	  "Before Linux 6.2 a device whose driver names no quality is credited with 0 of\n"
	  "1024 bits, so that it never makes the RNG ready. Put the setting on the kernel's\n"
	  "command line, or run rngd, if you trust the device." },
	{ "hwrng-unused", ADVICE_WARNING, unused_hwrng,
	  "There is a hardware generator, and the kernel does not use it.",
	  "echo @ > /sys/class/misc/hw_random/rng_current",
	  "A generator is available, but none is selected. Writing its name to rng_current\n"
	  "makes the kernel take entropy from it." },
	{ "trust-cpu", ADVICE_WARNING, distrusted_cpu,
	  "The CPU has an RNG instruction, but the kernel does not credit what it gives.",
	  "random.trust_cpu=on",
	  "With the setting on the kernel's command line the RNG is ready before the first\n"
	  "process starts. It means to trust that the CPU's maker built no back door; the\n"
	  "kernel mixes in all other sources all the same." },
	{ "trust-bootloader", ADVICE_WARNING, distrusted_bootloader,
	  "Firmware or boot loader may pass a seed, but the kernel does not credit it.",
	  "random.trust_bootloader=on",
	  "EFI and device trees can hand over a seed. With the setting on the kernel's\n"
	  "command line (Linux 5.18) it is credited. Whether there was a seed cannot be\n"
	  "seen afterwards: the kernel wipes it." },
	{ "no-cycle-counter", ADVICE_WARNING, no_cycle_counter,
	  "This machine has no cycle counter: the kernel cannot gather jitter.",
	  "provide a hardware generator or a creditable seed file",
	  "The kernel logged that there is neither a cycle counter nor another fast timer.\n"
	  "A blocking getrandom() then only waits for interrupts, which may take minutes.\n"
	  "Only a device, a seed of the boot loader or a credited seed file helps." },
	{ "cpu-rng-unreliable", ADVICE_WARNING, unreliable_cpu,
	  "The CPU's RNG instruction failed its test, and the kernel has switched it off.",
	  "update the microcode or the firmware",
	  "Some CPUs give constant values after a resume, or at all, until their microcode\n"
	  "is updated. The kernel tests for that at boot." },
	{ "pointless-daemon", ADVICE_INFO, pointless_daemon,
	  "An entropy daemon runs that is of no use on this kernel.",
	  "systemctl disable --now @",
	  "The kernel seeds itself (Linux 5.4) and, once ready, never runs out of entropy\n"
	  "(5.6). haveged, jitterentropy-rngd and the like do what it does already; rngd\n"
	  "does what the hw_random core does, which credits every device from 6.2 on." },
	{ NULL, ADVICE_INFO, NULL, NULL, NULL, NULL },
};
