/* SPDX-License-Identifier: MIT */
/*
 * Which RNG instruction the CPU has and the kernel uses, told by /proc/cpuinfo, whose
 * form differs by architecture. The lines of the first CPU suffice. The kernel clears the
 * flag where the instruction fails its test or is forbidden.
 */
#include "rng/instruction.h"

#include <string.h>
#include <sys/auxv.h>

#include "base/cpuinfo.h"
#include "base/root.h"
#include "base/text.h"

enum { CPUINFO_MAX = 16384, LIST_MAX = 4096 };

/* What can be told of a CPU: the names, or why not. Both are static strings. */
struct answer {
	const char *names, *unknown;
};

static void tell_x86(int root, const char *cpuinfo, const char *flags,
		     struct answer *answer)
{
	bool rdrand = cpuinfo_has(flags, "rdrand"), rdseed = cpuinfo_has(flags, "rdseed");

	(void)root;
	(void)cpuinfo;
	answer->names = rdrand && rdseed ? "rdrand rdseed"
			: rdrand	 ? "rdrand"
			: rdseed	 ? "rdseed"
					 : "none";
}

/*
 * arm64 has RNDR; 32-bit ARM and LoongArch, whose lines have the same name, have nothing.
 * Under the personality linux32 an arm64 kernel lists the features of a 32-bit CPU.
 */
static void tell_arm(int root, const char *cpuinfo, const char *features,
		     struct answer *answer)
{
	char architecture[16];

	(void)root;
	if (cpuinfo_has(features, "thumb") &&
	    cpuinfo_value(cpuinfo, "CPU architecture", architecture,
			  sizeof(architecture)) &&
	    strcmp(architecture, "8") == 0)
		answer->unknown = "/proc/cpuinfo shows a 64-bit CPU to a 32-bit program";
	else
		answer->names = cpuinfo_has(features, "rng") ? "rng" : "none";
}

/* "rv64imafdc_zicsr_zkr": listed from Linux 6.8 on, the first to use the seed CSR. */
static void tell_riscv(int root, const char *cpuinfo, const char *isa,
		       struct answer *answer)
{
	bool found = false;

	(void)root;
	(void)cpuinfo;
	for (const char *at = strchr(isa, '_'); at; at = strchr(at + 1, '_'))
		found |= strcspn(at + 1, "_ \t") == 3 && strncmp(at + 1, "zkr", 3) == 0;
	answer->names = found ? "zkr" : "none";
}

/*
 * The generator is a function of PRNO, which comes with MSA extension 5, facility 57. Not
 * every PRNO has it (cpacf_query_func(), CPACF_PRNO_TRNG), and no list tells which do;
 * but the driver of /dev/trng only binds where it exists.
 */
static void tell_s390(int root, const char *cpuinfo, const char *features,
		      struct answer *answer)
{
	char facilities[LIST_MAX];
	bool listed = cpuinfo_value(cpuinfo, "facilities", facilities,
				    sizeof(facilities));

	if (!cpuinfo_has(features, "msa") || (listed && !cpuinfo_has(facilities, "57")))
		answer->names = "none";
	else if (root_exists(root, "/sys/class/misc/trng") == 1)
		answer->names = "trng";
	else
		answer->unknown = "/proc/cpuinfo does not list the functions of PRNO";
}

/* The kernel reports DARN only in the auxiliary vector of a program. */
static void tell_power(int root, const char *cpuinfo, const char *cpu,
		       struct answer *answer)
{
	(void)cpuinfo;
	(void)cpu;
#ifdef __powerpc__
	enum { FEATURE2_DARN = 0x00200000 }; /* PPC_FEATURE2_DARN, asm/cputable.h */

	if (root == ROOT_LIVE) {
		answer->names = getauxval(AT_HWCAP2) & FEATURE2_DARN ? "darn" : "none";
		return;
	}
#else
	(void)root;
#endif
	answer->unknown =
		"only AT_HWCAP2 shows it, and only to a program on that machine";
}

/* MIPS and SPARC: the kernel knows no such instruction of theirs. */
static void tell_none(int root, const char *cpuinfo, const char *value,
		      struct answer *answer)
{
	(void)root;
	(void)cpuinfo;
	(void)value;
	answer->names = "none";
}

/* The line that an architecture is known by, and the function that reads it. */
static const struct family {
	const char *key, *begins;
	void (*tell)(int root, const char *cpuinfo, const char *value,
		     struct answer *answer);
} families[] = {
	{ "flags", "", tell_x86 },	{ "Features", "", tell_arm },
	{ "isa", "rv", tell_riscv },	{ "isa", "mips", tell_none },
	{ "features", "", tell_s390 },	{ "timebase", "", tell_power },
	{ "cpu", "POWER", tell_power }, { "cpucaps", "", tell_none },
};

const char *instruction_names(int root, const char **names)
{
	char cpuinfo[CPUINFO_MAX], value[LIST_MAX];
	long len = root_read(root, "/proc/cpuinfo", cpuinfo, sizeof(cpuinfo));
	struct answer answer = { NULL, "/proc/cpuinfo does not show RNG instructions" };

	if (len < 0)
		return text_error((int)-len);
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		const struct family *family = &families[i];

		if (!cpuinfo_value(cpuinfo, family->key, value, sizeof(value)) ||
		    strncmp(value, family->begins, strlen(family->begins)) != 0)
			continue;
		family->tell(root, cpuinfo, value, &answer);
		break;
	}
	*names = answer.names;
	return answer.names ? NULL : answer.unknown;
}
