/* SPDX-License-Identifier: MIT */
/*
 * The single facts. A new one takes a member in facts.h, a line that fills it, a row
 * here.
 */
#include "status/fields.h"

/* clang-format off */
#define TYPE(member)                                \
	_Generic(((struct facts *)0)->member,       \
		 struct fact_text: FIELD_TEXT,      \
		 struct fact_number: FIELD_NUMBER,  \
		 struct fact_flag: FIELD_FLAG)
#define ROW(group, key, member, metric, help) \
	{ group, key, TYPE(member), offsetof(struct facts, member), metric, help }
#define SCALED(group, key, type, member, metric, help)                     \
	{ group, key, type, offsetof(struct facts, member.number) -        \
		  offsetof(struct fact_number, number), metric, help }

#define WORDS(group, key, member, metric, help) \
	{ group, key, FIELD_WORDS, offsetof(struct facts, member.text) -   \
		  offsetof(struct fact_text, text), metric, help }

#define HIDDEN(member) ROW(NULL, #member, member, NULL, NULL)

const struct field fields[] = {
	ROW("", "time", time, NULL, "when this report was made, in UTC"),
	ROW("", "boot_id", boot_id, NULL, "ID of this boot of the kernel"),
	ROW("", "verdict", verdict, NULL, "ready, early or not_ready"),
	ROW("", "verdict_source", verdict_source, NULL, "the call that gave the verdict"),
	ROW("", "verdict_errno", verdict_errno, NULL,
	    "error number of the probe, 0 if it was answered"),
	SCALED("", "ready_seconds", FIELD_MILLI, ready_ms, "crng_ready_seconds",
	    "seconds from boot until the RNG was ready, as the kernel logged it"),
	ROW("", "weak_readiness", weak, "crng_weak_readiness",
	    "whether the RNG is ready only by fast init, as before the fix for CVE-2018-1108"),

	ROW("kernel", "release", kernel_release, NULL, "kernel release"),
	ROW("kernel", "machine", kernel_machine, NULL, "hardware name"),
	ROW("kernel", "rng", era, NULL, "how this kernel's RNG works"),
	ROW("kernel", "grnd_insecure", grnd_insecure, NULL, "knows GRND_INSECURE"),
	ROW("kernel", "unified_random", unified_random, NULL,
	    "/dev/random blocks only until the RNG is ready"),
	ROW("kernel", "jitter_seeding", jitter_seeding, NULL,
	    "a blocking getrandom() makes the kernel gather entropy"),
	ROW("kernel", "vdso_getrandom", vdso_getrandom, NULL,
	    "getrandom() without a system call"),
	ROW("kernel", "reseed_ioctl", reseed_ioctl, NULL, "knows RNDRESEEDCRNG"),
	ROW("kernel", "reseeds", reseeds, "crng_reseeds",
	    "how often the kernel has seeded its RNG since boot"),
	ROW("kernel", "fast_init_enough", fast_init_enough, NULL,
	    "getrandom() waits no longer than until fast init is done"),
	ROW("kernel", "trust_cpu", trust_cpu, NULL,
	    "random.trust_cpu on the command line: on or off"),
	ROW("kernel", "trust_bootloader", trust_bootloader, NULL,
	    "random.trust_bootloader on the command line: on or off"),
	ROW("kernel", "default_quality", default_quality, NULL,
	    "rng_core.default_quality on the command line"),
	ROW("kernel", "nordrand", nordrand, NULL, "nordrand on the command line"),
	ROW("kernel", "config_trust_cpu", config_trust_cpu, NULL,
	    "RANDOM_TRUST_CPU in the kernel's configuration: y, n or absent"),
	ROW("kernel", "config_trust_bootloader", config_trust_bootloader,
	    NULL, "RANDOM_TRUST_BOOTLOADER in the kernel's configuration: y, n or absent"),

	SCALED("pool", "entropy_avail_bits", FIELD_BITS, entropy_avail,
	    "crng_entropy_available_bytes", "entropy in the pool, as entropy_avail shows it"),
	SCALED("pool", "rate_bits_per_second", FIELD_MILLI, pool_rate, NULL,
	    "growth of entropy_avail while observed, in bits per second"),
	SCALED("pool", "poolsize_bits", FIELD_BITS, poolsize, "crng_entropy_pool_size_bytes",
	    "size of the pool"),
	ROW("pool", "rndgetentcnt_bits", rndgetentcnt, NULL,
	    "bits in the pool, as ioctl(RNDGETENTCNT) gives them"),
	ROW("pool", "counts_readiness", pool_counts,
	    "crng_entropy_counts_readiness",
	    "whether entropy_avail counts the bits gathered towards readiness"),
	SCALED("pool", "needed_bits", FIELD_BITS, pool_needed, "crng_entropy_needed_bytes",
	    "bits in the pool that make the RNG ready"),
	ROW("pool", "drained_by_readers", pool_drained, NULL,
	    "readers of /dev/random take from the pool"),

	WORDS("sources", "cpu", cpu_rng, NULL,
	    "RNG instructions of the CPU that the kernel uses, or none"),
	ROW("sources", "cpu_trusted", cpu_trusted, "crng_cpu_trusted",
	    "whether the kernel credits the output of the CPU's RNG instruction"),
	ROW("sources", "cpu_trusted_because", cpu_trust_why, NULL,
	    "why it does or does not"),
	ROW("sources", "hwrng_current", hwrng_current, NULL, "hardware generator in use"),
	WORDS("sources", "hwrng_available", hwrng_available, NULL,
	    "hardware generators, or none"),
	ROW("sources", "hwrng_selected", hwrng_selected, NULL,
	    "whether the administrator has chosen the generator"),
	ROW("sources", "hwrng_quality", hwrng_quality, "crng_hwrng_quality",
	    "bits credited for 1024 bits of the generator in use"),
	ROW("sources", "virtio_rng", virtio_rng, NULL,
	    "virtio-rng: absent, bound to its driver, or unbound"),
	ROW("sources", "efi", efi, NULL, "booted by EFI, which may pass a seed"),
	ROW("sources", "device_tree", device_tree, NULL,
	    "booted with a device tree, which may hold a seed"),
	ROW("sources", "tpm", tpm, NULL, "whether there is a TPM"),
	ROW("sources", "vmgenid", vmgenid, NULL,
	    "the RNG is reseeded when the virtual machine is cloned"),
	ROW("sources", "vmgenid_device", vmgenid_device, NULL,
	    "vmgenid: absent, bound to its driver, or unbound"),
	ROW("sources", "vmclock", vmclock, NULL,
	    "VMClock: absent, bound to its driver, or unbound"),
	ROW("sources", "vm_generation", vm_generation, "crng_vm_generation",
	    "counter of VMClock, which changes when the virtual machine is cloned"),
	WORDS("sources", "daemons", daemons, NULL, "running entropy daemons, or none"),
	ROW("sources", "daemons_useful", daemons_useful, NULL,
	    "whether a running daemon can help the RNG to become ready"),

	ROW("environment", "container", container, NULL,
	    "kind of container, other if nothing names it, or none"),
	ROW("environment", "virtualization", virtualization, NULL,
	    "kind of virtual machine, or none where that is proven"),
	ROW("environment", "boot_time_seconds", boot_time,
	    "crng_boot_time_seconds", "wall clock at boot, in seconds since the epoch"),
	ROW("environment", "uptime_seconds", uptime, NULL, "seconds since boot"),
	ROW("environment", "boot_before_last_seconds", boot_before_last,
	    NULL, "when the boot before the previous one was, in seconds since the epoch"),
	ROW("environment", "early_host_key", early_host_key, NULL,
	    "an SSH host key made before the RNG was ready, or none"),
	ROW("environment", "cloned_not_reseeded", cloned_not_reseeded,
	    "crng_cloned_not_reseeded",
	    "whether the machine was cloned and no reseed is known since"),
	ROW("environment", "cloned_because", cloned_because, NULL,
	    "what cloned_not_reseeded is concluded from"),

	HIDDEN(boot_usec), HIDDEN(probe), HIDDEN(pool_read_ns),
	HIDDEN(waits_after_log), HIDDEN(write_wakeup), HIDDEN(read_wakeup),
	HIDDEN(daemon_units), HIDDEN(daemons_useless), HIDDEN(needs_help),
	HIDDEN(virtio_rng_on_pci), HIDDEN(systemd), HIDDEN(ssh_service), HIDDEN(root_by),
	HIDDEN(vm_recorded), HIDDEN(vm_recorded_at),
	HIDDEN(log_end_usec), HIDDEN(log_ends), HIDDEN(log_not_ready),
	HIDDEN(log_of_running),
};
/* clang-format on */

const size_t field_count = sizeof(fields) / sizeof(fields[0]);

static const void *member_of(const struct field *field, const struct facts *facts)
{
	return (const char *)facts + field->offset;
}

/* A pointer to a struct also points to its first member, here the reason. */
const char *field_unknown(const struct field *field, const struct facts *facts)
{
	return *(const char *const *)member_of(field, facts);
}

void field_excuse(const struct field *field, struct facts *facts, const char *why)
{
	*(const char **)(void *)((char *)facts + field->offset) = why;
}

bool field_is_text(const struct field *field)
{
	return field->type == FIELD_TEXT || field->type == FIELD_WORDS;
}

const char *field_text(const struct field *field, const struct facts *facts)
{
	return ((const struct fact_text *)member_of(field, facts))->text;
}

uint64_t field_number(const struct field *field, const struct facts *facts)
{
	if (field->type == FIELD_FLAG)
		return ((const struct fact_flag *)member_of(field, facts))->yes;
	return ((const struct fact_number *)member_of(field, facts))->number;
}
