/* SPDX-License-Identifier: MIT */
/*
 * Which RNG instruction the CPU has and the kernel uses, told by /proc/cpuinfo, whose
 * form differs by architecture. The lines of the first CPU suffice. The kernel clears the
 * flag where the instruction fails its test or is forbidden.
 */
#include <string.h>
#include <sys/auxv.h>

#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/cpuinfo.h"
#include "status/collect/read.h"

enum { CPUINFO_MAX = 16384, LIST_MAX = 4096 };

static void tell_x86(int root, const char *cpuinfo, const char *flags,
		     struct fact_text *fact)
{
	bool rdrand = cpuinfo_has(flags, "rdrand"), rdseed = cpuinfo_has(flags, "rdseed");

	(void)root;
	(void)cpuinfo;
	fact_text(fact, rdrand && rdseed ? "rdrand rdseed"
			: rdrand	 ? "rdrand"
			: rdseed	 ? "rdseed"
					 : "none");
}

/*
 * arm64 has RNDR; 32-bit ARM and LoongArch, whose lines have the same name, have nothing.
 * Under the personality linux32 an arm64 kernel lists the features of a 32-bit CPU.
 */
static void tell_arm(int root, const char *cpuinfo, const char *features,
		     struct fact_text *fact)
{
	char architecture[16];

	(void)root;
	if (cpuinfo_has(features, "thumb") &&
	    cpuinfo_value(cpuinfo, "CPU architecture", architecture,
			  sizeof(architecture)) &&
	    strcmp(architecture, "8") == 0)
		fact->unknown = "/proc/cpuinfo shows a 64-bit CPU to a 32-bit program";
	else
		fact_text(fact, cpuinfo_has(features, "rng") ? "rng" : "none");
}

/* "rv64imafdc_zicsr_zkr": listed from Linux 6.8 on, the first to use the seed CSR. */
static void tell_riscv(int root, const char *cpuinfo, const char *isa,
		       struct fact_text *fact)
{
	bool found = false;

	(void)root;
	(void)cpuinfo;
	for (const char *at = strchr(isa, '_'); at; at = strchr(at + 1, '_'))
		found |= strcspn(at + 1, "_ \t") == 3 && strncmp(at + 1, "zkr", 3) == 0;
	fact_text(fact, found ? "zkr" : "none");
}

/*
 * The generator is a function of PRNO, which comes with MSA extension 5, facility 57. Not
 * every PRNO has it (cpacf_query_func(), CPACF_PRNO_TRNG), and no list tells which do;
 * but the driver of /dev/trng only binds where it exists.
 */
static void tell_s390(int root, const char *cpuinfo, const char *features,
		      struct fact_text *fact)
{
	char facilities[LIST_MAX];
	bool listed = cpuinfo_value(cpuinfo, "facilities", facilities,
				    sizeof(facilities));

	if (!cpuinfo_has(features, "msa") || (listed && !cpuinfo_has(facilities, "57")))
		fact_text(fact, "none");
	else if (read_exists(root, "/sys/class/misc/trng") == 1)
		fact_text(fact, "trng");
	else
		fact->unknown = "/proc/cpuinfo does not list the functions of PRNO";
}

/* The kernel reports DARN only in the auxiliary vector of a program. */
static void tell_power(int root, const char *cpuinfo, const char *cpu,
		       struct fact_text *fact)
{
	(void)cpuinfo;
	(void)cpu;
#ifdef __powerpc__
	enum { FEATURE2_DARN = 0x00200000 }; /* PPC_FEATURE2_DARN, asm/cputable.h */

	if (root == ROOT_LIVE) {
		fact_text(fact, getauxval(AT_HWCAP2) & FEATURE2_DARN ? "darn" : "none");
		return;
	}
#else
	(void)root;
#endif
	fact->unknown = "only AT_HWCAP2 shows it, and only to a program on that machine";
}

/* MIPS and SPARC: the kernel knows no such instruction of theirs. */
static void tell_none(int root, const char *cpuinfo, const char *value,
		      struct fact_text *fact)
{
	(void)root;
	(void)cpuinfo;
	(void)value;
	fact_text(fact, "none");
}

/* The line that an architecture is known by, and the function that reads it. */
static const struct family {
	const char *key, *begins;
	void (*tell)(int root, const char *cpuinfo, const char *value,
		     struct fact_text *fact);
} families[] = {
	{ "flags", "", tell_x86 },	{ "Features", "", tell_arm },
	{ "isa", "rv", tell_riscv },	{ "isa", "mips", tell_none },
	{ "features", "", tell_s390 },	{ "timebase", "", tell_power },
	{ "cpu", "POWER", tell_power }, { "cpucaps", "", tell_none },
};

void collect_cpu(int root, struct facts *facts)
{
	char cpuinfo[CPUINFO_MAX], value[LIST_MAX];
	long len = root_read(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo));

	if (len < 0) {
		facts->cpu_rng.unknown = text_error((int)-len);
		return;
	}
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		const struct family *family = &families[i];

		if (!cpuinfo_value(cpuinfo, family->key, value, sizeof(value)) ||
		    strncmp(value, family->begins, strlen(family->begins)) != 0)
			continue;
		family->tell(root, cpuinfo, value, &facts->cpu_rng);
		return;
	}
	facts->cpu_rng.unknown = "/proc/cpuinfo does not show RNG instructions";
}
