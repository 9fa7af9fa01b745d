/* SPDX-License-Identifier: MIT */
/* Advice on how to read the state of the RNG, and how not to. */
#include <errno.h>
#include <stdio.h>

#include "status/advice/condition.h"
#include "status/advice/rules.h"

static bool forbidden(const struct facts *facts, char *about)
{
	(void)about;
	return !facts->verdict_errno.unknown && facts->verdict_errno.number == EPERM;
}

static bool no_call(const struct facts *facts, char *about)
{
	(void)about;
	return !facts->verdict_errno.unknown && facts->verdict_errno.number == ENOSYS;
}

static const struct timeline_event *early_reader(const struct facts *facts)
{
	for (size_t i = 0; i < facts->timeline.count; i++)
		if (facts->timeline.events[i].kind == TIMELINE_URANDOM_EARLY)
			return &facts->timeline.events[i];
	return NULL;
}

static bool early_keys(const struct facts *facts, char *about)
{
	const struct fact_text *key = &facts->early_host_key;

	if (facts->timeline.early_reads == 0 || key->unknown || fact_is(key, "none"))
		return false;
	condition_about(about, key->text);
	return true;
}

static bool early_readers(const struct facts *facts, char *about)
{
	const struct timeline_event *event = early_reader(facts);

	if (event)
		condition_about(about, event->who);
	return facts->timeline.early_reads > 0;
}

static bool hosts_matter(const struct facts *facts, char *about)
{
	if (!condition_contained(facts) || !facts_not_ready(facts))
		return false;
	condition_about(about, facts->container.text);
	return true;
}

static bool hidden_waiters(const struct facts *facts, char *about)
{
	(void)about;
	return facts_not_ready(facts) && !facts->waiters.unknown &&
	       (facts->waiters.hidden > 0 || facts->waiters.hidepid);
}

static bool wrapped(const struct facts *facts, char *about)
{
	(void)about;
	return facts->timeline.wrapped && facts->ready_ms.unknown;
}

static bool spoofed(const struct facts *facts, char *about)
{
	if (facts->timeline.spoofed == 0)
		return false;
	snprintf(about, ADVICE_ABOUT_MAX, "%llu ignored",
		 (unsigned long long)facts->timeline.spoofed);
	return true;
}

static bool weak(const struct facts *facts, char *about)
{
	if (!fact_yes(&facts->weak))
		return false;
	condition_about(about,
			facts->kernel_release.unknown ? "" : facts->kernel_release.text);
	return true;
}

const struct advice_rule advice_reports[] = {
	{ "getrandom-forbidden",
	  ADVICE_WARNING,
	  forbidden,
	  "A sandbox forbids getrandom(): readiness cannot be determined here.",
	  { ADVICE_TEXT, "allow getrandom in the seccomp filter" },
	  "EPERM is the answer of a seccomp filter that does not know the call. Programs\n"
	  "then fall back to /dev/urandom, which never waits. Docker's own filter allows\n"
	  "it; filters older than the call, or made by hand, do not." },
	{ "no-getrandom",
	  ADVICE_WARNING,
	  no_call,
	  "There is no getrandom() here: readiness cannot be determined.",
	  { ADVICE_TEXT, "use Linux 3.17 or later, or a sandbox that knows the call" },
	  "The call came with Linux 3.17. Before, nothing tells a process if the RNG is\n"
	  "ready. Some container runtimes answer the same for calls they do not know." },
	{ "weak-readiness",
	  ADVICE_WARNING,
	  weak,
	  "The RNG is ready by this kernel's weak rule alone: keys may be weak.",
	  { ADVICE_TEXT, "make no lasting key before the kernel logs 'crng init done'" },
	  "The kernel has logged 'fast init done', and not 'crng init done'. Linux 4.8 to\n"
	  "4.16, and some kernels of distributions later, let getrandom() give bytes from\n"
	  "then on, when some times of interrupts have been mixed in and no bit of entropy\n"
	  "has been credited (CVE-2018-1108). Use a kernel with the fix (4.17, 4.14.36), or\n"
	  "make keys that last only after the second message; more sources bring it sooner:\n"
	  "a hardware generator, virtio-rng, a credited seed file." },
	{ "keys-before-ready",
	  ADVICE_WARNING,
	  early_keys,
	  "An SSH host key was made before the RNG was ready, and bytes were read then.",
	  { ADVICE_SHELL,
	    "cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv etc/ssh/* ./" },
	  "The key's file was written between the boot and the moment the RNG was ready,\n"
	  "and the kernel logged that /dev/urandom was read in that time: the key may be\n"
	  "weak, and others may have the same. The command makes new keys beside the old\n"
	  "ones, and replaces those only once it has succeeded. Then restart sshd, remove\n"
	  "keys of types that ssh-keygen no longer makes, and have host certificates signed\n"
	  "anew: they are for the old keys. Where the clock was wrong at boot the times may\n"
	  "mislead." },
	{ "early-readers",
	  ADVICE_INFO,
	  early_readers,
	  "Bytes of /dev/urandom were read before the RNG was ready: they may be weak.",
	  { ADVICE_TEXT, "crng wait -- PROGRAM" },
	  "The kernel logs who reads too early. Hash seeds and the like do not matter; keys\n"
	  "do. Start what makes keys with 'crng wait', or order its unit after\n"
	  "systemd-random-seed.service." },
	{ "ask-the-host",
	  ADVICE_INFO,
	  hosts_matter,
	  "In a container the RNG is the host's: only there something can be changed.",
	  { ADVICE_TEXT, "crng status  # on the host" },
	  "There is one RNG for each kernel. Devices, seeds, settings are the host's." },
	{ "waiters-hidden",
	  ADVICE_INFO,
	  hidden_waiters,
	  "What other users' processes wait for is hidden: the list may be short.",
	  { ADVICE_SHELL, "sudo crng status" },
	  "Only a process's owner and root can see what call it is in. With Yama's\n"
	  "ptrace_scope not even the owner can." },
	{ "log-wrapped",
	  ADVICE_INFO,
	  wrapped,
	  "The kernel log no longer holds the early boot: what it said of the RNG is lost.",
	  { ADVICE_KERNEL_ARGUMENT, "log_buf_len=4M" },
	  "The log is a ring; later records overwrite the first ones. The setting, on the\n"
	  "kernel's command line, makes it larger. A persistent journal keeps them." },
	{ "log-spoofed",
	  ADVICE_INFO,
	  spoofed,
	  "A process wrote lines into the kernel log that look like the RNG's.",
	  { ADVICE_TEXT, "dmesg -x | grep random:" },
	  "Whoever may write to /dev/kmsg can write such lines; only the facility of a\n"
	  "record, which dmesg hides, tells them apart. They were ignored here." },
	{ NULL, ADVICE_INFO, NULL, NULL, { ADVICE_TEXT, NULL }, NULL },
};
