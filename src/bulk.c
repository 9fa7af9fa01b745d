/* SPDX-License-Identifier: MIT */
/* What a worker fills its blocks from: expansion, the vDSO, or the source itself. */
#include "bulk.h"

#include "expand.h"

void bulk_open(struct bulk *bulk)
{
	const struct source *source = bulk->source;

	bulk->mapped = !bulk->fast && source->kind == RNG_DEFAULT && source->fd < 0 &&
		       source->trust == SOURCE_READY && vgetrandom_open(&bulk->vdso) == 0;
}

static int fill_bytes(const struct bulk *bulk, uint8_t *buf, size_t n)
{
	if (bulk->fast)
		return expand_fill(bulk->source, buf, n);
	while (bulk->mapped && n > 0) {
		long got = vgetrandom_read(&bulk->vdso, buf, n);

		if (got <= 0)
			break;
		buf += got;
		n -= (size_t)got;
	}
	return source_fill(bulk->source, buf, n);
}

int bulk_fill(const struct bulk *bulk, uint8_t *buf, size_t n)
{
	while (n > 0) {
		int rc = fill_bytes(bulk, buf, n);
		size_t kept = n;

		if (rc != 0)
			return rc;
		if (bulk->chars)
			kept = chars_filter(bulk->chars, buf, n);
		buf += kept;
		n -= kept;
	}
	return 0;
}

void bulk_close(struct bulk *bulk)
{
	if (bulk->mapped)
		vgetrandom_close(&bulk->vdso);
}
