/* SPDX-License-Identifier: MIT */
/*
 * The parsers of the command line, cpuinfo, the configuration, numbers, the lines of a
 * captured tree and VMClock. The first byte of the input chooses the parser, so that the
 * corpus keeps inputs for each.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "base/number.h"
#include "rng/vmclock.h"
#include "status/collect/cmdline.h"
#include "status/collect/kconfig.h"
#include "status/collect/read.h"
#include "status/seeds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int is_true)
{
	if (!is_true)
		abort();
}

static void check_cmdline(char *text)
{
	char value[16];

	memset(value, 'x', sizeof(value));
	if (!cmdline_value(text, "random.trust_cpu", value, sizeof(value)))
		return;
	require(memchr(value, '\0', sizeof(value)) != NULL);
	require(strchr(value, '"') == NULL);
}

static void check_cpuinfo(char *text)
{
	char flags[256];

	memset(flags, 'x', sizeof(flags));
	if (!cpuinfo_value(text, "flags", flags, sizeof(flags)))
		return;
	require(memchr(flags, '\0', sizeof(flags)) != NULL);
	require(strchr(flags, '\n') == NULL);
	if (cpuinfo_has(flags, "rdrand"))
		require(strstr(text, "rdrand") != NULL);
}

static void check_config(char *text)
{
	char value = kconfig_value(text, "RANDOM_TRUST_CPU");

	if (value)
		require(strstr(text, "CONFIG_RANDOM_TRUST_CPU") != NULL);
}

static void check_digits(char *text)
{
	uint64_t number;

	if (number_parse(text, &number) == NULL)
		require(number == strtoull(text, NULL, 10));
}

static void check_seed(char *text)
{
	char path[SEED_PATH_MAX];
	struct seed_file file;

	if (seeds_parse_line(text, path, &file) != 0)
		return;
	require(file.mode <= 07777);

	const struct seed_place *place = seeds_place(path);

	if (!place)
		return;
	for (int loads = SEED_LOADS_NO; loads <= SEED_LOADS_UNKNOWN; loads++) {
		const struct seeds seeds = { .systemd = { .loads = (enum seed_loads)loads,
							  .why = "why",
							  .credit = SEED_CREDIT_YES },
					     .crng = loads != SEED_LOADS_NO };

		seeds_credit(&file, place, &seeds);
		require(file.credit_why != NULL);
		require(!seeds.crng || place->loaders != seed_seedrng ||
			file.machine != SEED_MACHINE_OTHER ||
			file.credit == SEED_CREDIT_NO);
	}
}

/* The answer about the unit, then a line "--" and the answer about the manager. */
static void check_service(char *text)
{
	char *manager = strstr(text, "\n--\n");
	struct seed_service service;

	if (manager)
		*manager = '\0';
	seeds_judge_service(text, manager ? manager + strlen("\n--\n") : NULL, &service);
	require(service.loads == SEED_LOADS_YES || service.why != NULL);
	require(service.credit_why != NULL);
	require(!service.forced || service.credit == SEED_CREDIT_YES);
}

/* The only parser of what is no text. */
static void check_vmclock(const uint8_t *data, size_t size)
{
	struct vmclock clock;

	if (vmclock_parse(data, size, &clock) == 0)
		require(!clock.counts || size >= VMCLOCK_BYTES);
	else
		require(!clock.counts && !clock.notifies);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(char *text) = {
		['c'] = check_cmdline, ['p'] = check_cpuinfo, ['f'] = check_config,
		['n'] = check_digits,  ['s'] = check_seed,    ['u'] = check_service,
	};

	if (size > 0 && data[0] == 'v')
		check_vmclock(data + 1, size - 1);
	if (size == 0 || data[0] >= sizeof(parsers) / sizeof(*parsers) ||
	    !parsers[data[0]])
		return 0;

	char *text = malloc(size);

	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	parsers[data[0]](text);
	free(text);
	return 0;
}
