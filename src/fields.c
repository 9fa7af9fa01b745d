/* SPDX-License-Identifier: MIT */
/* The scalar facts: to add one, a member in facts.h, the line that fills it, a row here.
 */
#include "fields.h"

/* clang-format off */
#define ROW(group, key, type, member, help) \
	{ group, key, type, offsetof(struct facts, member), help }
/* clang-format on */

const struct field fields[] = {
	ROW("", "verdict", FIELD_TEXT, verdict, "ready, early or not ready"),
	ROW("", "verdict_source", FIELD_TEXT, verdict_source, "what told the verdict"),
	ROW("kernel", "release", FIELD_TEXT, kernel_release, "kernel release"),
	ROW("kernel", "machine", FIELD_TEXT, kernel_machine, "hardware name"),
	ROW("kernel", "grnd_insecure", FIELD_FLAG, grnd_insecure, "knows GRND_INSECURE"),
	ROW("kernel", "unified_random", FIELD_FLAG, unified_random,
	    "/dev/random blocks only until the CRNG is ready"),
	ROW("kernel", "jitter_seeding", FIELD_FLAG, jitter_seeding,
	    "a blocking getrandom() makes the kernel gather entropy"),
	ROW("kernel", "vdso_getrandom", FIELD_FLAG, vdso_getrandom,
	    "getrandom() without a system call"),
	ROW("pool", "entropy_avail_bits", FIELD_NUMBER, entropy_avail,
	    "entropy_avail as the kernel gives it"),
	ROW("pool", "poolsize_bits", FIELD_NUMBER, poolsize, "size of the pool"),
	ROW("pool", "counts_readiness", FIELD_FLAG, pool_counts,
	    "entropy_avail counts the bits gathered towards readiness"),
	ROW("sources", "cpu", FIELD_TEXT, cpu_rng,
	    "RNG instructions of the CPU, or none"),
	ROW("sources", "hwrng_current", FIELD_TEXT, hwrng_current, "hw_random in use"),
	ROW("sources", "hwrng_available", FIELD_TEXT, hwrng_available,
	    "hw_random devices"),
};

const size_t field_count = sizeof(fields) / sizeof(fields[0]);

const struct fact *field_fact(const struct field *field, const struct facts *facts)
{
	return (const struct fact *)(const void *)((const char *)facts + field->offset);
}
