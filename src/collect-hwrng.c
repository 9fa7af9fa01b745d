/* SPDX-License-Identifier: MIT */
/* Generators that the hw_random core knows, and virtio-rng, which may lack its driver. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect.h"
#include "io.h"

#define HW_RANDOM "/sys/class/misc/hw_random/"
#define VIRTIO "/sys/bus/virtio/devices"
#define VIRTIO_RNG_ALIAS "virtio:d00000004v" /* VIRTIO_ID_RNG, linux/virtio_ids.h */

struct virtio {
	int root;
	bool bound, unbound;
};

static void visit_virtio(int dir, const char *name, void *data)
{
	struct virtio *virtio = data;
	char path[512], alias[128];

	(void)dir;
	snprintf(path, sizeof(path), VIRTIO "/%s/modalias", name);
	if (io_read_in(virtio->root, path, alias, sizeof(alias)) < 0 ||
	    strncmp(alias, VIRTIO_RNG_ALIAS, strlen(VIRTIO_RNG_ALIAS)) != 0)
		return;
	snprintf(path, sizeof(path), VIRTIO "/%s/driver", name);
	if (collect_exists(virtio->root, path) == 1)
		virtio->bound = true;
	else
		virtio->unbound = true;
}

static void collect_virtio(int root, struct facts *facts)
{
	struct virtio virtio = { .root = root };
	int rc = collect_names(root, VIRTIO, visit_virtio, &virtio);

	const char *gap = rc == -ENOENT ? collect_gap(root, "/sys/bus") : NULL;

	if (gap || (rc < 0 && rc != -ENOENT))
		fact_unknown(&facts->virtio_rng, gap ? gap : collect_why(-rc));
	else
		fact_text(&facts->virtio_rng, virtio.unbound ? "unbound"
					      : virtio.bound ? "bound"
							     : "absent");
}

/*
 * rng_quality came in 5.19; before it the module's parameter says what the generator in
 * use is credited with (drivers/char/hw_random/core.c, 3.16 to 6.19).
 */
static void collect_quality(int root, struct facts *facts)
{
	collect_number(root, HW_RANDOM "rng_quality", &facts->hwrng_quality);
	if (facts->hwrng_quality.unknown)
		collect_number(root, "/sys/module/rng_core/parameters/current_quality",
			       &facts->hwrng_quality);
	if (fact_is(&facts->hwrng_current, "none") || facts->hwrng_current.unknown)
		fact_unknown(&facts->hwrng_quality, "no hw_random device is in use");
}

void collect_hwrng(int root, struct facts *facts)
{
	collect_text(root, HW_RANDOM "rng_current", &facts->hwrng_current);
	collect_text(root, HW_RANDOM "rng_available", &facts->hwrng_available);
	collect_number(root, HW_RANDOM "rng_selected", &facts->hwrng_selected);
	if (collect_exists(root, "/sys/class/misc") == 1 &&
	    collect_exists(root, HW_RANDOM "rng_current") == 0) {
		fact_unknown(&facts->hwrng_current, "the hw_random core is not loaded");
		fact_unknown(&facts->hwrng_available, "the hw_random core is not loaded");
	}
	collect_quality(root, facts);
	collect_virtio(root, facts);
}
