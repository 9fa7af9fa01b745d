/* SPDX-License-Identifier: MIT */
/*
 * Fills the blocks of a worker: with ChaCha20, through the vDSO, or from the stream
 * itself. On some CPUs the vDSO's generator is twice as fast as the system call, on
 * others half as fast, and only a trial can tell: the kernel's ChaCha20 has vector code,
 * the vDSO's has little or none, while entering the kernel costs more or less.
 */
#include "bytes/generator.h"

#include "base/deadline.h"
#include "bytes/chacha.h"

enum {
	SLICES = 6,	     /* of a fill that compares: three by each way */
	SLICE_BYTES = 8192,  /* the least that takes much longer than the call itself */
	COMPARE_AFTER = 512, /* fills: some 60 MiB */
};

void generator_open(struct generator *generator)
{
	const struct stream *stream = &generator->job->stream;

	generator->mapped = !generator->job->fast && stream->kind == RNG_DEFAULT &&
			    stream->fd < 0 && stream->trust == STREAM_READY &&
			    vgetrandom_open(&generator->vdso) == 0;
	generator->way = generator->mapped ? GENERATOR_VDSO : GENERATOR_CALL;
	generator->fills = 0;
}

static int fill_by(enum generator_way way, const struct generator *generator,
		   uint8_t *buf, size_t n)
{
	while (way == GENERATOR_VDSO && n > 0) {
		long got = vgetrandom_read(&generator->vdso, buf, n);

		if (got <= 0)
			break;
		buf += got;
		n -= (size_t)got;
	}
	return stream_fill(&generator->job->stream, buf, n);
}

/*
 * Fills by both ways in turn. The shortest time that a way took for a slice counts: an
 * interrupt, or a page that is touched for the first time, only makes a slice take
 * longer.
 */
static int fill_comparing(struct generator *generator, uint8_t *buf, size_t n)
{
	int64_t least[GENERATOR_WAYS] = { INT64_MAX, INT64_MAX };
	size_t slice = n / SLICES;
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < SLICES; i++) {
		enum generator_way way = i % GENERATOR_WAYS;
		int64_t begin = deadline_now();

		rc = fill_by(way, generator, buf + i * slice, slice);

		int64_t took = deadline_now() - begin;

		least[way] = took < least[way] ? took : least[way];
	}
	generator->way = least[GENERATOR_CALL] < least[GENERATOR_VDSO] ? GENERATOR_CALL
								       : GENERATOR_VDSO;
	generator->fills = COMPARE_AFTER;
	return rc != 0 ? rc
		       : fill_by(generator->way, generator, buf + SLICES * slice,
				 n % SLICES);
}

static int fill_bytes(struct generator *generator, uint8_t *buf, size_t n)
{
	if (generator->job->fast)
		return chacha_fill(&generator->job->stream, buf, n);
	if (generator->mapped && generator->fills == 0 && n >= SLICES * SLICE_BYTES)
		return fill_comparing(generator, buf, n);
	generator->fills -= generator->fills > 0;
	return fill_by(generator->way, generator, buf, n);
}

int generator_fill(struct generator *generator, uint8_t *buf, size_t units)
{
	const struct job *job = generator->job;

	while (units > 0) {
		int rc = fill_bytes(generator, buf, units);
		size_t kept = units;

		if (rc != 0)
			return rc;
		if (job->drawn)
			kept = chars_filter(&job->chars, buf, units);
		buf += kept;
		units -= kept;
	}
	return 0;
}

void generator_close(struct generator *generator)
{
	if (generator->mapped)
		vgetrandom_close(&generator->vdso);
}
