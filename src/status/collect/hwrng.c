/* SPDX-License-Identifier: MIT */
/*
 * Generators known to the hw_random core, and virtio-rng devices, which may lack a
 * driver.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define HW_RANDOM "/sys/class/misc/hw_random/"

/*
 * The beginnings of the modalias of a virtio-rng device: on the virtio bus
 * (VIRTIO_ID_RNG, linux/virtio_ids.h), and on the PCI bus, transitional and modern
 * (virtio 1.1, 4.1.2.1 and 5).
 */
static const char *const aliases[] = {
	"virtio:d00000004v",
	"pci:v00001AF4d00001005sv",
	"pci:v00001AF4d00001044sv",
};

enum { DEVICES_MAX = 4096 /* of a bus; a captured tree may claim to have any number */ };

/* The search for virtio-rng devices, with and without a driver, on a bus. */
struct search {
	const char *devices;
	int root;
	bool bound, unbound;
	unsigned int seen;
};

static bool is_virtio_rng(const char *modalias)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strncmp(modalias, aliases[i], strlen(aliases[i])) == 0)
			return true;
	return false;
}

static void visit_device(int dir, const char *name, void *data)
{
	struct search *search = data;
	char path[512], alias[128];

	(void)dir;
	if (search->seen++ >= DEVICES_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%s/modalias", search->devices, name);
	if (root_read(search->root, path, alias, sizeof(alias)) < 0 ||
	    !is_virtio_rng(alias))
		return;
	snprintf(path, sizeof(path), "%s/%s/driver", search->devices, name);
	if (root_exists(search->root, path) == 1)
		search->bound = true;
	else
		search->unbound = true;
}

/*
 * Until virtio_pci is loaded, only the PCI bus shows the device. One device with a driver
 * is enough: the RNG needs no second one.
 */
static void collect_virtio(int root, struct facts *facts)
{
	struct search virtio = { .devices = "/sys/bus/virtio/devices", .root = root };
	struct search pci = { .devices = "/sys/bus/pci/devices", .root = root };
	int rc = read_names(root, virtio.devices, visit_device, &virtio);

	const char *gap = rc == -ENOENT ? read_gap(root, "/sys/bus") : NULL;

	read_names(root, pci.devices, visit_device, &pci);
	if (gap || (rc < 0 && rc != -ENOENT))
		facts->virtio_rng.unknown = gap ? gap : text_error(-rc);
	else if (virtio.seen > DEVICES_MAX || pci.seen > DEVICES_MAX)
		facts->virtio_rng.unknown = "there are too many devices to examine";
	else
		fact_text(&facts->virtio_rng, virtio.bound		      ? "bound"
					      : virtio.unbound || pci.unbound ? "unbound"
									      : "absent");
	fact_flag(&facts->virtio_rng_on_pci, pci.unbound && !virtio.unbound);
}

/*
 * rng_quality came in 5.19. Before, a parameter of the module tells what the generator in
 * use is credited with (drivers/char/hw_random/core.c, 3.16 to 6.19).
 */
static void collect_quality(int root, struct facts *facts)
{
	read_number(root, HW_RANDOM "rng_quality", &facts->hwrng_quality);
	if (facts->hwrng_quality.unknown)
		read_number(root, "/sys/module/rng_core/parameters/current_quality",
			    &facts->hwrng_quality);
	if (fact_is(&facts->hwrng_current, "none") || facts->hwrng_current.unknown)
		facts->hwrng_quality.unknown = "no hardware generator is in use";
}

/* Since Linux 6.18 "none", which switches all of them off, is listed as well. */
static void collect_available(int root, struct fact_text *fact)
{
	char list[FACT_TEXT_MAX], *rest = list, *word;
	size_t at = 0;

	read_text(root, HW_RANDOM "rng_available", fact);
	if (fact->unknown)
		return;
	strcpy(list, fact->text);
	strcpy(fact->text, "none");
	while ((word = strtok_r(rest, " ", &rest)))
		if (strcmp(word, "none") != 0)
			at += (size_t)snprintf(fact->text + at, sizeof(fact->text) - at,
					       "%s%s", at > 0 ? " " : "", word);
}

void collect_hwrng(int root, struct facts *facts)
{
	read_text(root, HW_RANDOM "rng_current", &facts->hwrng_current);
	collect_available(root, &facts->hwrng_available);
	read_flag(root, HW_RANDOM "rng_selected", &facts->hwrng_selected);
	if (root_exists(root, "/sys/class/misc") == 1 &&
	    root_exists(root, HW_RANDOM "rng_current") == 0) {
		facts->hwrng_current.unknown = "the hw_random core is not loaded";
		facts->hwrng_available.unknown = "the hw_random core is not loaded";
	}
	collect_quality(root, facts);
	collect_virtio(root, facts);
}
