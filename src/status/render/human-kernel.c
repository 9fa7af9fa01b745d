/* SPDX-License-Identifier: MIT */
/* The kernel and the environment, for people. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "status/render/human.h"

enum { LIST_MAX = 512 };

static const char *text_of(const struct fact_text *fact, char *buf, size_t size)
{
	if (!fact->unknown)
		return fact->text;
	snprintf(buf, size, "unknown (%s)", fact->unknown);
	return buf;
}

static void append(char *list, const char *before, const char *word)
{
	size_t at = strlen(list);

	snprintf(list + at, LIST_MAX - at, "%s%s%s", at > 0 ? ", " : "", before, word);
}

static void print_features(const struct layout *layout, const struct facts *facts)
{
	const struct {
		const struct fact_flag *fact;
		const char *name;
	} features[] = {
		{ &facts->jitter_seeding, "jitter seeding" },
		{ &facts->unified_random, "unified /dev/random" },
		{ &facts->grnd_insecure, "GRND_INSECURE" },
		{ &facts->vdso_getrandom, "vDSO getrandom" },
	};
	char list[LIST_MAX] = "", unknown[LIST_MAX] = "";

	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++)
		if (features[i].fact->unknown)
			append(unknown, "", features[i].name);
		else
			append(list, features[i].fact->yes ? "" : "no ",
			       features[i].name);
	if (unknown[0])
		append(list, "unknown: ", unknown);
	layout_row(layout, "features", "%s", list);
}

static void print_reseeds(const struct layout *layout, const struct facts *facts)
{
	if (facts->reseeds.unknown)
		layout_row(layout, "reseeds", "unknown (%s)", facts->reseeds.unknown);
	else
		layout_row(layout, "reseeds", "%" PRIu64 " since boot",
			   facts->reseeds.number);
}

/* Only the switches that are on the command line; most machines have none. */
static void print_switches(const struct layout *layout, const struct facts *facts)
{
	char list[LIST_MAX] = "", quality[24];

	if (facts->nordrand.unknown) {
		layout_row(layout, "command line", "unknown (%s)",
			   facts->nordrand.unknown);
		return;
	}
	if (!facts->trust_cpu.unknown)
		append(list, "random.trust_cpu=", facts->trust_cpu.text);
	if (!facts->trust_bootloader.unknown)
		append(list, "random.trust_bootloader=", facts->trust_bootloader.text);
	snprintf(quality, sizeof(quality), "%" PRIu64, facts->default_quality.number);
	if (!facts->default_quality.unknown)
		append(list, "rng_core.default_quality=", quality);
	if (facts->nordrand.yes)
		append(list, "", "nordrand");
	layout_row(layout, "command line", "%s", list[0] ? list : "no RNG options");
}

static void print_config(const struct layout *layout, const struct facts *facts)
{
	if (facts->config_trust_cpu.unknown)
		layout_row(layout, "build defaults", "unknown (%s)",
			   facts->config_trust_cpu.unknown);
	else
		layout_row(layout, "build defaults",
			   "RANDOM_TRUST_CPU %s, RANDOM_TRUST_BOOTLOADER %s",
			   facts->config_trust_cpu.text,
			   facts->config_trust_bootloader.text);
}

void human_kernel(const struct layout *layout, const struct facts *facts)
{
	char release[LIST_MAX], rng[LIST_MAX];

	layout_section(layout, "Kernel");
	layout_row(layout, "release", "%s%s%s",
		   text_of(&facts->kernel_release, release, sizeof(release)),
		   facts->kernel_machine.unknown ? "" : " ",
		   facts->kernel_machine.unknown ? "" : facts->kernel_machine.text);
	layout_row(layout, "RNG", "%s", text_of(&facts->era, rng, sizeof(rng)));
	print_features(layout, facts);
	print_reseeds(layout, facts);
	print_switches(layout, facts);
	print_config(layout, facts);
	human_pool(layout, facts);
}

static void print_clone(const struct layout *layout, const struct facts *facts)
{
	const struct fact_flag *stale = &facts->cloned_not_reseeded;

	if (stale->unknown)
		layout_row(layout, "cloned RNG", "unknown (%s)", stale->unknown);
	else
		layout_row(layout, "cloned RNG", "%s (%s)",
			   stale->yes ? "yes, and no reseed is known since" : "no",
			   facts->cloned_because.text);
}

void human_environment(const struct layout *layout, const struct facts *facts)
{
	char buf[LIST_MAX], when[64] = "unknown";
	time_t boot = (time_t)facts->boot_time.number;
	struct tm tm;

	layout_section(layout, "Environment");
	layout_row(layout, "container", "%s%s",
		   text_of(&facts->container, buf, sizeof(buf)),
		   facts->container.unknown || fact_is(&facts->container, "none")
			   ? ""
			   : "; it shares the host's RNG");
	if (facts->virtualization.unknown)
		layout_row(layout, "machine", "not known to be virtual (%s)",
			   facts->virtualization.unknown);
	else
		layout_row(layout, "machine", "%s",
			   fact_is(&facts->virtualization, "none")
				   ? "not virtual"
				   : facts->virtualization.text);
	print_clone(layout, facts);
	if (!facts->boot_time.unknown && gmtime_r(&boot, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	layout_row(layout, "booted", "%s", when);
}
