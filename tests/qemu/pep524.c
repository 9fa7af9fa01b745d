/* SPDX-License-Identifier: MIT */
/*
 * The loop of PEP 524, "wait_for_system_rng(timeout, interval=1.0)", to compare with
 * `crng wait`: getrandom() with GRND_NONBLOCK once a second, until it gives a byte.
 * usage: pep524 SECONDS; exit status 0: ready, 124: the time ran out, 3: an error.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double deadline = now() + (argc > 1 ? atof(argv[1]) : 0);
	char byte;

	while (getrandom(&byte, 1, GRND_NONBLOCK) != 1) {
		if (errno != EAGAIN)
			return 3;
		if (now() > deadline)
			return 124;
		sleep(1);
	}
	return 0;
}
