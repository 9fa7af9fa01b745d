/* SPDX-License-Identifier: MIT */
/* Advice on how to read the state of the RNG, and how not to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* ssh-keygen makes all its types of keys beside the old ones. */
#define NEW_KEYS                                                     \
	"(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && " \
	"mv -f etc/ssh/* . && rmdir -p etc/ssh)"

static const struct advice_template make_keys_ways[] = {
	ROOT_WAY(NEW_KEYS " && systemctl try-restart ssh.service"),
	ROOT_WAY(NEW_KEYS " && systemctl try-restart sshd.service"),
	ROOT_WAY(NEW_KEYS " && /etc/init.d/ssh restart"),
	ROOT_WAY(NEW_KEYS " && /etc/init.d/sshd restart"),
	ROOT_WAY(NEW_KEYS),
	WAY(TEXT, "Make a new key in place of @, and restart sshd."),
	NO_WAY,
};

/* In the order of the first ways. */
static const char *const ssh_services[] = { "ssh.service", "sshd.service",
					    "/etc/init.d/ssh", "/etc/init.d/sshd" };
static const char *const usual_keys[] = { "/etc/ssh/ssh_host_rsa_key",
					  "/etc/ssh/ssh_host_ecdsa_key",
					  "/etc/ssh/ssh_host_ed25519_key" };

enum {
	SSH_SERVICES = sizeof(ssh_services) / sizeof(*ssh_services),
	USUAL_KEYS = sizeof(usual_keys) / sizeof(*usual_keys),
};

static size_t make_keys(const struct facts *facts, const char *about)
{
	size_t key = 0, service = 0;

	while (key < USUAL_KEYS && strcmp(about, usual_keys[key]) != 0)
		key++;
	if (key == USUAL_KEYS)
		return SSH_SERVICES + 1;
	while (service < SSH_SERVICES &&
	       !fact_is(&facts->ssh_service, ssh_services[service]))
		service++;
	return service;
}

static const struct advice_template see_waiters_ways[] = {
	WAY(SHELL, "sudo crng status"),
	WAY(SHELL, "doas crng status"),
	WAY(SHELL, "su - -c 'crng status'"),
	WAY(TEXT, "Run 'crng status' with CAP_SYS_PTRACE, and with "
		  "kernel.yama.ptrace_scope below 3."),
	NO_WAY,
};

/* Root may be confined as well. */
static size_t see_waiters(const struct facts *facts, const char *about)
{
	(void)about;
	return fact_is(&facts->root_by, "sudo")	  ? 0
	       : fact_is(&facts->root_by, "doas") ? 1
	       : fact_is(&facts->root_by, "su")	  ? 2
						  : 3;
}

const struct advice_rule advice_reports[] = {
	{ .id = "getrandom-forbidden",
	  .severity = ADVICE_WARNING,
	  .condition = forbidden,
	  .sentence = "A sandbox forbids getrandom(), so readiness cannot be determined.",
	  .explanation =
		  "The error EPERM comes from a seccomp filter that does not know the call.\n"
		  "Programs then fall back to /dev/urandom, which never waits. Docker's default\n"
		  "filter allows the call; filters that are older than the call, or hand-made, may\n"
		  "not.",
	  .ways = ONE(
		  WAY(CONFIG, "Allow getrandom() in the sandbox's seccomp filter.")) },
	{ .id = "no-getrandom",
	  .severity = ADVICE_WARNING,
	  .condition = no_call,
	  .sentence = "There is no getrandom() here, so readiness cannot be determined.",
	  .explanation =
		  "The call came with Linux 3.17. Without it, a process has no way to find out\n"
		  "whether the RNG is ready. Some container runtimes also answer ENOSYS to calls\n"
		  "that they do not know.",
	  .ways = ONE(
		  WAY(TEXT,
		      "Use Linux 3.17 or later, or a sandbox that knows getrandom().")) },
	{ .id = "weak-readiness",
	  .severity = ADVICE_WARNING,
	  .condition = weak,
	  .sentence =
		  "The RNG is ready only by this kernel's weak rule, so keys that are "
		  "made now may be weak.",
	  .explanation =
		  "The kernel has logged 'fast init done' but not 'crng init done'. From then on,\n"
		  "getrandom() returns bytes in Linux 4.8 to 4.16, and in some later distribution\n"
		  "kernels, although only a few interrupt timings have been mixed in and no entropy\n"
		  "has been credited (CVE-2018-1108). Use a kernel with the fix (since 4.17 and\n"
		  "4.14.36), or make lasting keys only after the second message. It comes sooner\n"
		  "with more sources: a hardware generator, virtio-rng, or a credited seed file.",
	  .ways = ONE(
		  WAY(TEXT,
		      "Make no lasting keys before the kernel logs 'crng init done'.")) },
	{ .id = "keys-before-ready",
	  .severity = ADVICE_WARNING,
	  .condition = early_keys,
	  .sentence = "An SSH host key was made before the RNG was ready, so it may be "
		      "weak.",
	  .explanation =
		  "The key's file was written between boot and readiness, and the kernel logged\n"
		  "that /dev/urandom was read in that time: other machines may have the same key.\n"
		  "The command makes new keys beside the old ones, and replaces the old ones only\n"
		  "if that succeeds. Afterwards, restart sshd unless the command does, remove keys\n"
		  "of types that ssh-keygen no longer makes, and have host certificates signed\n"
		  "again, because they are for the old keys. If the clock was wrong at boot, the\n"
		  "key may have been made at another time.",
	  .ways = make_keys_ways,
	  .choose = make_keys,
	  .example = "/etc/ssh/ssh_host_ed25519_key" },
	{ .id = "early-readers",
	  .severity = ADVICE_INFO,
	  .condition = early_readers,
	  .sentence = "A program read /dev/urandom before the RNG was ready, so its "
		      "random bytes may be weak.",
	  .explanation =
		  "The kernel logs such early reads. They do not matter for hash tables and the\n"
		  "like, but they do for keys. Use 'crng wait' to start programs that make keys,\n"
		  "or order their units after systemd-random-seed.service.",
	  .ways = ONE(
		  WAY(TEXT,
		      "Use 'crng wait -- COMMAND' to start programs that make keys.")) },
	{ .id = "ask-the-host",
	  .severity = ADVICE_INFO,
	  .condition = hosts_matter,
	  .sentence = "A container shares the RNG of its host, so it can only be made "
		      "ready there.",
	  .explanation =
		  "Each kernel has one RNG. Its devices, seed files and settings are the host's.",
	  .ways = ONE(WAY(TEXT, "Run 'crng status' on the host.")) },
	{ .id = "waiters-hidden",
	  .severity = ADVICE_INFO,
	  .condition = hidden_waiters,
	  .sentence = "The calls of other users' processes are hidden, so blocked tasks "
		      "may be missing from the list.",
	  .explanation =
		  "Only root and the owner of a process can see which system call it is in, and not\n"
		  "even the owner can where Yama's ptrace_scope forbids it.",
	  .ways = see_waiters_ways,
	  .choose = see_waiters },
	{ .id = "log-wrapped",
	  .severity = ADVICE_INFO,
	  .condition = wrapped,
	  .sentence = "The kernel log no longer reaches back to early boot, so its "
		      "messages about the RNG are lost.",
	  .explanation =
		  "The log is a ring buffer, in which new records overwrite the oldest ones. This\n"
		  "argument on the kernel's command line makes it larger. A persistent journal also\n"
		  "keeps the early messages.",
	  .ways = ONE(WAY(KERNEL_ARGUMENT, "log_buf_len=4M")) },
	{ .id = "log-spoofed",
	  .severity = ADVICE_INFO,
	  .condition = spoofed,
	  .sentence = "A process has written lines to the kernel log that look like "
		      "messages from the RNG.",
	  .explanation =
		  "Any process that may write to /dev/kmsg can write such lines. Only the facility\n"
		  "of a record reveals them, and dmesg hides it by default. crng has ignored them.",
	  .ways = ONE(WAY(
		  TEXT, "Run 'dmesg -x' to find them: they do not begin with 'kern'.")) },
	{ .id = NULL },
};
