/* SPDX-License-Identifier: MIT */
/*
 * limits vdso|syscall|chacha20|write BYTES [THREADS]: does only what crng bytes cannot do
 * without, so that bench/throughput can tell how close to that it comes. The first three
 * fill a block per thread again and again, BYTES in all; write writes zeros to standard
 * output.
 */
#include <err.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "bytes/records.h"
#include "rng/rng.h"
#include "rng/vgetrandom.h"

enum { USAGE = 2, THREADS_MAX = 1024 };

static uint64_t share; /* bytes for each thread */

static void *vdso(void *block)
{
	struct vgetrandom v;
	int rc = vgetrandom_open(&v);

	if (rc != 0)
		errx(EXIT_FAILURE, "no getrandom() in the vDSO: %s", strerror(-rc));
	for (uint64_t done = 0; done < share; done += RECORDS_BLOCK_UNITS) {
		if (vgetrandom_read(&v, block, RECORDS_BLOCK_UNITS) !=
		    (long)RECORDS_BLOCK_UNITS)
			errx(EXIT_FAILURE, "vDSO getrandom");
	}
	vgetrandom_close(&v);
	return NULL;
}

static void *system_call(void *block)
{
	for (uint64_t done = 0; done < share; done += RECORDS_BLOCK_UNITS) {
		if (rng_read(RNG_DEFAULT, false, block, RECORDS_BLOCK_UNITS) !=
		    (long)RECORDS_BLOCK_UNITS)
			errx(EXIT_FAILURE, "getrandom");
	}
	return NULL;
}

static void *chacha20(void *block)
{
	static const uint8_t key[crypto_stream_chacha20_KEYBYTES];
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

	for (uint64_t done = 0; done < share; done += RECORDS_BLOCK_UNITS)
		crypto_stream_chacha20(block, RECORDS_BLOCK_UNITS, nonce, key);
	return NULL;
}

static void *constant(void *block)
{
	for (uint64_t left = share; left > 0;) {
		ssize_t n = write(STDOUT_FILENO, block,
				  left < RECORDS_BLOCK_UNITS ? (size_t)left
							     : RECORDS_BLOCK_UNITS);

		if (n < 0)
			err(EXIT_FAILURE, "write");
		left -= (uint64_t)n;
	}
	return NULL;
}

static void run(void *(*loop)(void *), size_t threads)
{
	pthread_t ids[THREADS_MAX];
	uint8_t *blocks = calloc(threads, RECORDS_BLOCK_UNITS);

	if (!blocks)
		err(EXIT_FAILURE, "memory");
	for (size_t i = 0; i < threads; i++) {
		int rc = pthread_create(&ids[i], NULL, loop,
					blocks + i * RECORDS_BLOCK_UNITS);

		if (rc != 0)
			errx(EXIT_FAILURE, "thread: %s", strerror(rc));
	}
	for (size_t i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	free(blocks);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void *(*loop)(void *);
	} modes[] = {
		{ "vdso", vdso },
		{ "syscall", system_call },
		{ "chacha20", chacha20 },
		{ "write", constant },
	};
	uint64_t bytes, threads = 1;

	if (argc < 3 || number_size(argv[2], &bytes) != 0 ||
	    (argc > 3 && number_size(argv[3], &threads) != 0) || threads == 0 ||
	    threads > THREADS_MAX)
		errx(USAGE, "limits vdso|syscall|chacha20|write BYTES [THREADS]");
	if (sodium_init() < 0)
		errx(EXIT_FAILURE, "libsodium");
	share = bytes / threads;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name) == 0) {
			run(modes[i].loop, (size_t)threads);
			return EXIT_SUCCESS;
		}
	}
	errx(USAGE, "%s: no such mode", argv[1]);
}
