/* SPDX-License-Identifier: MIT */
/*
 * forked vdso|syscall|fast BYTES: writes BYTES of what a worker makes before a fork in its
 * middle, then as many that the child makes with the state it inherited, then as many that
 * the parent makes on. tests/speed/repeats tells whether any of them are the same.
 */
#include <err.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/number.h"
#include "bytes/chacha.h"
#include "bytes/generator.h"

enum { TROUBLE = 2, UNAVAILABLE = 77 };

static void put(struct bulk *bulk, uint8_t *buf, size_t n)
{
	if (bulk_fill(bulk, buf, n) != 0)
		errx(TROUBLE, "bulk_fill");
	if (io_write_full(STDOUT_FILENO, buf, n) != 0)
		errx(TROUBLE, "standard output");
}

int main(int argc, char **argv)
{
	uint64_t bytes;

	if (argc != 3 || number_size(argv[2], &bytes) != 0 || bytes > SIZE_MAX)
		errx(TROUBLE, "forked vdso|syscall|fast BYTES");

	/* GRND_RANDOM is what keeps the vDSO out. */
	struct source source = {
		.kind = strcmp(argv[1], "syscall") == 0 ? RNG_RANDOM : RNG_DEFAULT,
		.deadline = INT64_MAX,
	};
	struct bulk bulk = { .source = &source, .fast = strcmp(argv[1], "fast") == 0 };
	size_t n = (size_t)bytes;
	uint8_t *buf = malloc(n);

	if (!buf || source_open(&source) != 0 || (bulk.fast && expand_init(&source) != 0))
		errx(TROUBLE, "cannot start");
	bulk_open(&bulk);
	if (!bulk.mapped && strcmp(argv[1], "vdso") == 0)
		return UNAVAILABLE;
	/* The named way, whichever is faster. */
	bulk.fills = UINT_MAX;
	put(&bulk, buf, n);

	pid_t child = fork();

	if (child < 0)
		err(TROUBLE, "fork");
	if (child == 0) {
		put(&bulk, buf, n);
		_exit(EXIT_SUCCESS);
	}

	int status;

	if (waitpid(child, &status, 0) != child || status != 0)
		errx(TROUBLE, "the child failed");
	put(&bulk, buf, n);
	bulk_close(&bulk);
	free(buf);
	return EXIT_SUCCESS;
}
