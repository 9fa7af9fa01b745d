/* SPDX-License-Identifier: MIT */
/*
 * "forked vdso|syscall|fast BYTES" writes BYTES that a worker makes before a fork, then
 * as many that the child makes with the state that it inherited, then as many that the
 * parent makes after it. tests/tools/repeats finds out whether any of them are the same.
 */
#include <err.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/io.h"
#include "base/number.h"
#include "bytes/chacha.h"
#include "bytes/generator.h"

enum { TROUBLE = 2, UNAVAILABLE = 77 };

static void put(struct generator *generator, uint8_t *buf, size_t n)
{
	if (generator_fill(generator, buf, n) != 0)
		errx(TROUBLE, "generator_fill");
	if (io_write_full(STDOUT_FILENO, buf, n) != 0)
		errx(TROUBLE, "standard output");
}

int main(int argc, char **argv)
{
	uint64_t bytes;

	if (argc != 3 || number_size(argv[2], &bytes) != 0 || bytes > SIZE_MAX)
		errx(TROUBLE, "forked vdso|syscall|fast BYTES");

	/* GRND_RANDOM is what keeps the vDSO out. */
	struct job job = {
		.stream = { .kind = strcmp(argv[1], "syscall") == 0 ? RNG_RANDOM
								    : RNG_DEFAULT,
			    .wait.deadline = DEADLINE_NEVER },
		.fast = strcmp(argv[1], "fast") == 0,
	};
	struct generator generator = { .job = &job };
	size_t n = (size_t)bytes;
	uint8_t *buf = malloc(n);

	if (!buf || stream_open(&job.stream) != 0 ||
	    (job.fast && chacha_init(&job.stream) != 0))
		errx(TROUBLE, "cannot start");
	generator_open(&generator);
	if (!generator.mapped && strcmp(argv[1], "vdso") == 0)
		return UNAVAILABLE;
	/* Stay with the named way, whichever is faster. */
	generator.fills = UINT_MAX;
	put(&generator, buf, n);

	pid_t child = fork();

	if (child < 0)
		err(TROUBLE, "fork");
	if (child == 0) {
		put(&generator, buf, n);
		_exit(EXIT_SUCCESS);
	}

	int status;

	if (waitpid(child, &status, 0) != child || status != 0)
		errx(TROUBLE, "the child failed");
	put(&generator, buf, n);
	generator_close(&generator);
	free(buf);
	return EXIT_SUCCESS;
}
