/* SPDX-License-Identifier: MIT */
/*
 * Invariant: no entropy is lost. Whatever was on the disk goes into what replaces it.
 *
 *     key = H(label, clocks, length and bytes of each seed, of the fresh bytes)
 *     disk = H(key, 0), kernel = H(key, 1)
 *
 * This is the scheme of systemd-boot (src/boot/random-seed.c). No system call but for the
 * clocks: libsodium's SHA-256 does not need sodium_init(), which waits for the RNG.
 */
#include "seed/ratchet.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

static void add(crypto_hash_sha256_state *state, const void *data, size_t n)
{
	uint64_t length = n;

	crypto_hash_sha256_update(state, (const void *)&length, sizeof(length));
	crypto_hash_sha256_update(state, data, n);
}

static void add_clocks(crypto_hash_sha256_state *state)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_BOOTTIME };

	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		struct timespec now = { .tv_sec = 0 };

		clock_gettime(clocks[i], &now);
		add(state, &now, sizeof(now));
	}
}

static void derive(const unsigned char key[crypto_hash_sha256_BYTES], unsigned char which,
		   unsigned char out[SEED_BYTES])
{
	unsigned char input[crypto_hash_sha256_BYTES + 1];

	_Static_assert(SEED_BYTES == crypto_hash_sha256_BYTES, "a seed is one hash");
	memcpy(input, key, crypto_hash_sha256_BYTES);
	input[crypto_hash_sha256_BYTES] = which;
	crypto_hash_sha256(out, input, sizeof(input));
	explicit_bzero(input, sizeof(input));
}

void ratchet(const struct stored_seed files[SEED_KINDS], const void *fresh, size_t n,
	     struct ratchet *out)
{
	static const char label[] = "crng seed 1";
	unsigned char key[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	add(&state, label, sizeof(label));
	add_clocks(&state);
	for (size_t i = 0; i < SEED_KINDS; i++)
		add(&state, files[i].bytes, files[i].len);
	add(&state, fresh, n);
	crypto_hash_sha256_final(&state, key);
	derive(key, 0, out->disk);
	derive(key, 1, out->kernel);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(&state, sizeof(state));
}
