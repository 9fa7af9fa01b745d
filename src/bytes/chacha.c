/* SPDX-License-Identifier: MIT */
/*
 * One kernel key for many bytes: the RNG's own construction (ChaCha20, fast key erasure),
 * but with all of the CPU's vector registers, which the kernel leaves alone.
 */
#include "bytes/chacha.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* For chacha_init() alone: libsodium's callback gets no argument for them. */
static const struct stream *seed;
static int seed_error;

static const char *seed_name(void)
{
	return "crng";
}

static void seed_fill(void *const buf, const size_t n)
{
	int rc = stream_fill(seed, buf, n);

	if (rc != 0)
		seed_error = rc;
}

int chacha_init(const struct stream *stream)
{
	static struct randombytes_implementation implementation = {
		.implementation_name = seed_name,
		.buf = seed_fill,
	};

	seed = stream;
	if (randombytes_set_implementation(&implementation) != 0 || sodium_init() < 0)
		return -EIO;
	return seed_error;
}

int chacha_fill(const struct stream *stream, void *buf, size_t n)
{
	/* A key is used for one message, so the nonce has nothing to tell apart. */
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
	uint8_t key[crypto_stream_chacha20_KEYBYTES];
	int rc = stream_fill(stream, key, sizeof(key));

	if (rc == 0)
		crypto_stream_chacha20(buf, n, nonce, key);
	explicit_bzero(key, sizeof(key));
	return rc;
}

void chacha_scrub(void)
{
	static const uint8_t zero[crypto_stream_chacha20_KEYBYTES];
	uint8_t stream[1024]; /* two rounds of libsodium's widest code */

	crypto_stream_chacha20(stream, sizeof(stream), zero, zero);
	explicit_bzero(stream, sizeof(stream));
}

const char *chacha_library_version(void)
{
	return sodium_version_string();
}
