/* SPDX-License-Identifier: MIT */
/* The sources of entropy, and the files that carry a seed, for people. */
#include <inttypes.h>

#include "status/render/human.h"

enum { VALUE_MAX = 768, SECONDS_PER_DAY = 86400, SECONDS_PER_HOUR = 3600 };

static void print_cpu(const struct layout *layout, const struct facts *facts)
{
	const struct fact_text *cpu = &facts->cpu_rng;
	const struct fact_flag *trusted = &facts->cpu_trusted;

	if (cpu->unknown)
		layout_row(layout, "CPU", "unknown (%s)", cpu->unknown);
	else if (fact_is(cpu, "none"))
		layout_row(layout, "CPU", "no RNG instruction that this kernel uses");
	else if (trusted->unknown)
		layout_row(layout, "CPU", "%s; trusted: unknown (%s)", cpu->text,
			   trusted->unknown);
	else
		layout_row(layout, "CPU", "%s, %s (%s)", cpu->text,
			   trusted->yes ? "trusted" : "not trusted",
			   facts->cpu_trust_why.text);
}

static void print_hwrng(const struct layout *layout, const struct facts *facts)
{
	const struct fact_text *current = &facts->hwrng_current;
	bool chosen = fact_yes(&facts->hwrng_selected);
	bool off = chosen && fact_is(current, "none");
	char quality[64] = "";

	if (current->unknown) {
		layout_row(layout, "hw_random", "unknown (%s)", current->unknown);
		return;
	}
	if (!facts->hwrng_quality.unknown)
		snprintf(quality, sizeof(quality), ", quality %" PRIu64 " of 1024",
			 facts->hwrng_quality.number);
	layout_row(layout, "hw_random", "%s%s%s; available: %s",
		   off		      ? "switched off by the administrator"
		   : current->text[0] ? current->text
				      : "none",
		   quality, chosen && !off ? ", chosen by the administrator" : "",
		   facts->hwrng_available.unknown	 ? "unknown"
		   : facts->hwrng_available.text[0] == 0 ? "none"
							 : facts->hwrng_available.text);
}

/* The kernel wipes a seed that it took, so there is nothing to find afterwards. */
static void print_firmware(const struct layout *layout, const struct facts *facts)
{
	bool efi = fact_yes(&facts->efi), tree = fact_yes(&facts->device_tree);

	if (facts->efi.unknown && facts->device_tree.unknown)
		layout_row(layout, "firmware seed", "unknown (%s)", facts->efi.unknown);
	else if (efi || tree)
		layout_row(layout, "firmware seed",
			   "possible (%s%s%s); the kernel wipes a used seed",
			   efi ? "EFI" : "", efi && tree ? ", " : "",
			   tree ? "device tree" : "");
	else
		layout_row(layout, "firmware seed", "no EFI, no device tree");
}

static void print_flag(const struct layout *layout, const char *label,
		       const struct fact_flag *fact, const char *yes, const char *no)
{
	if (fact->unknown)
		layout_row(layout, label, "unknown (%s)", fact->unknown);
	else
		layout_row(layout, label, "%s", fact->yes ? yes : no);
}

static void print_text(const struct layout *layout, const char *label,
		       const struct fact_text *fact, const char *more)
{
	if (fact->unknown)
		layout_row(layout, label, "unknown (%s)", fact->unknown);
	else
		layout_row(layout, label, "%s%s", fact->text, more);
}

static void print_vmclock(const struct layout *layout, const struct facts *facts)
{
	const struct fact_number *generation = &facts->vm_generation;
	char text[VALUE_MAX];

	if (!generation->unknown)
		snprintf(text, sizeof(text), ", generation %" PRIu64, generation->number);
	else
		snprintf(text, sizeof(text), "; generation unknown (%s)",
			 generation->unknown);
	print_text(layout, "VMClock", &facts->vmclock,
		   fact_is(&facts->vmclock, "unbound") ? ": it has no driver"
		   : fact_is(&facts->vmclock, "bound") ? text
						       : "");
}

void human_sources(const struct layout *layout, const struct facts *facts)
{
	layout_section(layout, "Sources");
	print_cpu(layout, facts);
	print_hwrng(layout, facts);
	print_text(layout, "virtio-rng", &facts->virtio_rng,
		   fact_is(&facts->virtio_rng, "unbound") ? ": it has no driver" : "");
	print_firmware(layout, facts);
	print_flag(layout, "TPM", &facts->tpm, "yes", "no");
	print_flag(layout, "vmgenid", &facts->vmgenid,
		   "yes: reseeds a clone's RNG, but never makes it ready",
		   fact_is(&facts->vmgenid_device, "unbound")
			   ? "no: the hypervisor offers it, but it has no driver"
			   : "no");
	print_vmclock(layout, facts);
	print_text(layout, "daemons", &facts->daemons,
		   fact_no(&facts->daemons_useful) ? ": of no use on this kernel" : "");
}

/* The age is coarse, so that two reports of one day do not differ. */
static void say_age(const struct seeds *seeds, const struct seed_file *file, char *text,
		    size_t size)
{
	int64_t age = seeds->now - file->modified;

	if (seeds->now == 0)
		snprintf(text, size, "age unknown");
	else if (age < 0)
		snprintf(text, size, "dated in the future");
	else if (age < SECONDS_PER_HOUR)
		snprintf(text, size, "less than an hour old");
	else if (age < SECONDS_PER_DAY)
		snprintf(text, size, "%" PRId64 " h old", age / SECONDS_PER_HOUR);
	else
		snprintf(text, size, "%" PRId64 " d old", age / SECONDS_PER_DAY);
}

/* Most seeds are bound to no machine, and that is not said. */
static void say_machine(const struct seed_file *file, char *text, size_t size)
{
	static const char *const texts[] = {
		[SEED_MACHINE_NONE] = "",
		[SEED_MACHINE_SAME] = ", made on this machine",
		[SEED_MACHINE_OTHER] = ", made on another machine",
	};

	if (file->machine == SEED_MACHINE_UNKNOWN)
		snprintf(text, size, ", machine unknown (%s)", file->machine_unknown);
	else
		snprintf(text, size, "%s", texts[file->machine]);
}

static void print_seed(const struct layout *layout, const struct seeds *seeds,
		       const struct seed_file *file)
{
	char age[64], machine[128];

	if (file->unknown) {
		layout_row(layout, file->system, "%s: unknown (%s)", file->path,
			   file->unknown);
		return;
	}
	say_age(seeds, file, age, sizeof(age));
	say_machine(file, machine, sizeof(machine));
	layout_row(layout, file->system,
		   "%s: %" PRIu64 " bytes, %s, mode %04o, uid %u%s%s%s; "
		   "%scredited at boot%s (%s)",
		   file->path, file->size, age, file->mode, file->uid,
		   file->read_only ? ", file system read-only" : "",
		   file->is_volatile ? ", file system in memory" : "", machine,
		   file->credit == SEED_CREDIT_NO ? "not " : "",
		   file->credit == SEED_CREDIT_UNKNOWN ? ": unknown" : "",
		   file->credit_why);
}

void human_seeds(const struct layout *layout, const struct facts *facts)
{
	const struct seeds *seeds = &facts->seeds;

	layout_section(layout, "Seed files");
	if (seeds->unknown)
		layout_row(layout, "unknown", "%s", seeds->unknown);
	else if (seeds->count == 0)
		layout_row(layout, "none", "in the usual places");
	for (size_t i = 0; !seeds->unknown && i < seeds->count; i++)
		print_seed(layout, seeds, &seeds->list[i]);
}
