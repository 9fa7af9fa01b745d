/* SPDX-License-Identifier: MIT */
/* The scalar facts: to add one, a member in facts.h, the line that fills it, a row here.
 */
#include "status/fields.h"

/* clang-format off */
#define ROW(group, key, type, member, metric, help) \
	{ group, key, type, offsetof(struct facts, member), metric, help }

const struct field fields[] = {
	ROW("", "verdict", FIELD_TEXT, verdict, NULL, "ready, early or not ready"),
	ROW("", "verdict_source", FIELD_TEXT, verdict_source, NULL, "what told the verdict"),
	ROW("", "verdict_errno", FIELD_NUMBER, verdict_errno, NULL,
	    "error number of the probe, 0 if it was answered"),
	ROW("", "ready_seconds", FIELD_MILLI, ready_ms, "crng_ready_seconds",
	    "seconds from boot until the RNG was ready, as the kernel logged it"),
	ROW("", "weak_readiness", FIELD_FLAG, weak, "crng_weak_readiness",
	    "ready only by fast init, as before the fix of CVE-2018-1108"),

	ROW("kernel", "release", FIELD_TEXT, kernel_release, NULL, "kernel release"),
	ROW("kernel", "machine", FIELD_TEXT, kernel_machine, NULL, "hardware name"),
	ROW("kernel", "rng", FIELD_TEXT, era, NULL, "how this kernel's RNG works"),
	ROW("kernel", "grnd_insecure", FIELD_FLAG, grnd_insecure, NULL, "knows GRND_INSECURE"),
	ROW("kernel", "unified_random", FIELD_FLAG, unified_random, NULL,
	    "/dev/random blocks only until the RNG is ready"),
	ROW("kernel", "jitter_seeding", FIELD_FLAG, jitter_seeding, NULL,
	    "a blocking getrandom() makes the kernel gather entropy"),
	ROW("kernel", "vdso_getrandom", FIELD_FLAG, vdso_getrandom, NULL,
	    "getrandom() without a system call"),
	ROW("kernel", "reseed_ioctl", FIELD_FLAG, reseed_ioctl, NULL, "knows RNDRESEEDCRNG"),
	ROW("kernel", "fast_init_enough", FIELD_FLAG, fast_init_enough, NULL,
	    "getrandom() waits no longer than until fast init is done"),
	ROW("kernel", "trust_cpu", FIELD_TEXT, trust_cpu, NULL,
	    "random.trust_cpu on the command line: on or off"),
	ROW("kernel", "trust_bootloader", FIELD_TEXT, trust_bootloader, NULL,
	    "random.trust_bootloader on the command line: on or off"),
	ROW("kernel", "default_quality", FIELD_NUMBER, default_quality, NULL,
	    "rng_core.default_quality on the command line"),
	ROW("kernel", "nordrand", FIELD_FLAG, nordrand, NULL, "nordrand on the command line"),
	ROW("kernel", "config_trust_cpu", FIELD_TEXT, config_trust_cpu, NULL,
	    "RANDOM_TRUST_CPU in the kernel's configuration: y, n or absent"),
	ROW("kernel", "config_trust_bootloader", FIELD_TEXT, config_trust_bootloader,
	    NULL, "RANDOM_TRUST_BOOTLOADER in the kernel's configuration: y, n or absent"),

	ROW("pool", "entropy_avail_bits", FIELD_NUMBER, entropy_avail,
	    "crng_entropy_available_bits", "bits in the pool as entropy_avail gives them"),
	ROW("pool", "poolsize_bits", FIELD_BITS, poolsize, "crng_entropy_pool_size_bytes",
	    "size of the pool"),
	ROW("pool", "rndgetentcnt_bits", FIELD_NUMBER, rndgetentcnt, NULL,
	    "bits in the pool as ioctl(RNDGETENTCNT) gives them"),
	ROW("pool", "counts_readiness", FIELD_FLAG, pool_counts,
	    "crng_entropy_counts_readiness",
	    "whether entropy_avail counts the bits gathered towards readiness"),
	ROW("pool", "needed_bits", FIELD_BITS, pool_needed, "crng_entropy_needed_bytes",
	    "bits in the pool that make the RNG ready"),
	ROW("pool", "drained_by_readers", FIELD_FLAG, pool_drained, NULL,
	    "readers of /dev/random take from the pool"),

	ROW("sources", "cpu", FIELD_TEXT, cpu_rng, NULL,
	    "RNG instructions of the CPU that the kernel uses, or none"),
	ROW("sources", "cpu_trusted", FIELD_FLAG, cpu_trusted, "crng_cpu_trusted",
	    "whether the kernel credits what the CPU's instruction gives"),
	ROW("sources", "cpu_trusted_because", FIELD_TEXT, cpu_trust_why, NULL,
	    "why it does or does not"),
	ROW("sources", "hwrng_current", FIELD_TEXT, hwrng_current, NULL, "hw_random in use"),
	ROW("sources", "hwrng_available", FIELD_TEXT, hwrng_available, NULL,
	    "hw_random devices"),
	ROW("sources", "hwrng_selected", FIELD_FLAG, hwrng_selected, NULL,
	    "the device was chosen by the administrator"),
	ROW("sources", "hwrng_quality", FIELD_NUMBER, hwrng_quality, "crng_hwrng_quality",
	    "bits credited for 1024 bits of the device in use"),
	ROW("sources", "virtio_rng", FIELD_TEXT, virtio_rng, NULL,
	    "virtio-rng: absent, bound to its driver, or unbound"),
	ROW("sources", "efi", FIELD_FLAG, efi, NULL, "booted by EFI, which may pass a seed"),
	ROW("sources", "device_tree", FIELD_FLAG, device_tree, NULL,
	    "booted with a device tree, which may hold a seed"),
	ROW("sources", "tpm", FIELD_FLAG, tpm, NULL, "a TPM is there"),
	ROW("sources", "vmgenid", FIELD_FLAG, vmgenid, NULL,
	    "the RNG is reseeded when the virtual machine is cloned"),
	ROW("sources", "daemons", FIELD_TEXT, daemons, NULL, "entropy daemons that run, or none"),
	ROW("sources", "daemons_useful", FIELD_FLAG, daemons_useful, NULL,
	    "they can help this kernel to become ready"),
	ROW("sources", "monitors", FIELD_TEXT, monitors, NULL,
	    "monitoring agents that run, or none"),

	ROW("environment", "container", FIELD_TEXT, container, NULL, 
	    "kind of container, other if nothing names it, or none"),
	ROW("environment", "virtualization", FIELD_TEXT, virtualization, NULL,
	    "kind of virtual machine, or none where that is proven"),
	ROW("environment", "boot_time_seconds", FIELD_NUMBER, boot_time,
	    "crng_boot_time_seconds", "wall clock at boot, in seconds since the epoch"),
	ROW("environment", "uptime_seconds", FIELD_NUMBER, uptime, NULL, "seconds since boot"),
	ROW("environment", "boot_before_last_seconds", FIELD_NUMBER, boot_before_last,
	    NULL, "when the boot before the last one was, in seconds since the epoch"),
	ROW("environment", "early_host_key", FIELD_TEXT, early_host_key, NULL,
	    "an SSH host key made before the RNG was ready, or none"),
};
/* clang-format on */

const size_t field_count = sizeof(fields) / sizeof(fields[0]);

const struct fact *field_fact(const struct field *field, const struct facts *facts)
{
	return (const struct fact *)(const void *)((const char *)facts + field->offset);
}
