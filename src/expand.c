/* SPDX-License-Identifier: MIT */
/*
 * One kernel key for many bytes: the RNG's own construction (ChaCha20, fast key erasure),
 * but with all of the CPU's vector registers, which the kernel leaves alone.
 */
#include "expand.h"

#include <errno.h>
#include <sodium.h>

int expand_init(void)
{
	return sodium_init() < 0 ? -EIO : 0;
}

int expand_fill(const struct source *source, void *buf, size_t n)
{
	/* A key is used for one message: the nonce has nothing to tell apart. */
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
	uint8_t key[crypto_stream_chacha20_KEYBYTES];
	int rc = source_fill(source, key, sizeof(key));

	if (rc == 0)
		crypto_stream_chacha20(buf, n, nonce, key);
	sodium_memzero(key, sizeof(key));
	return rc;
}
