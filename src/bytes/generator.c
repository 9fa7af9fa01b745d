/* SPDX-License-Identifier: MIT */
/*
 * What a worker fills its blocks from: expansion, the vDSO, or the source itself. On some
 * CPUs the vDSO's generator is twice as fast as the system call, on others half as fast,
 * and nothing but a try tells: the kernel's ChaCha20 has vector code, the vDSO's has
 * little or none, while entering the kernel costs more or less.
 */
#include "bytes/generator.h"

#include "base/deadline.h"
#include "bytes/chacha.h"

enum {
	SLICES = 6,	     /* of a fill that compares: three for each way */
	SLICE_BYTES = 8192,  /* the least that takes much longer than a call does */
	COMPARE_AFTER = 512, /* fills: some 60 MiB */
};

void bulk_open(struct bulk *bulk)
{
	const struct source *source = bulk->source;

	bulk->mapped = !bulk->fast && source->kind == RNG_DEFAULT && source->fd < 0 &&
		       source->trust == SOURCE_READY && vgetrandom_open(&bulk->vdso) == 0;
	bulk->way = bulk->mapped ? BULK_VDSO : BULK_CALL;
	bulk->fills = 0;
}

static int fill_by(enum bulk_way way, const struct bulk *bulk, uint8_t *buf, size_t n)
{
	while (way == BULK_VDSO && n > 0) {
		long got = vgetrandom_read(&bulk->vdso, buf, n);

		if (got <= 0)
			break;
		buf += got;
		n -= (size_t)got;
	}
	return source_fill(bulk->source, buf, n);
}

/*
 * Fills by both ways in turn. The shortest time that a way took for a slice is its speed:
 * an interrupt, or a page that is touched for the first time, only makes a slice longer.
 */
static int fill_comparing(struct bulk *bulk, uint8_t *buf, size_t n)
{
	int64_t least[BULK_WAYS] = { INT64_MAX, INT64_MAX };
	size_t slice = n / SLICES;
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < SLICES; i++) {
		enum bulk_way way = i % BULK_WAYS;
		int64_t begin = deadline_now();

		rc = fill_by(way, bulk, buf + i * slice, slice);

		int64_t took = deadline_now() - begin;

		least[way] = took < least[way] ? took : least[way];
	}
	bulk->way = least[BULK_CALL] < least[BULK_VDSO] ? BULK_CALL : BULK_VDSO;
	bulk->fills = COMPARE_AFTER;
	return rc != 0 ? rc : fill_by(bulk->way, bulk, buf + SLICES * slice, n % SLICES);
}

static int fill_bytes(struct bulk *bulk, uint8_t *buf, size_t n)
{
	if (bulk->fast)
		return expand_fill(bulk->source, buf, n);
	if (bulk->mapped && bulk->fills == 0 && n >= SLICES * SLICE_BYTES)
		return fill_comparing(bulk, buf, n);
	bulk->fills -= bulk->fills > 0;
	return fill_by(bulk->way, bulk, buf, n);
}

int bulk_fill(struct bulk *bulk, uint8_t *buf, size_t n)
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
