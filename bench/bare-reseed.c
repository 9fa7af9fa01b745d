/* SPDX-License-Identifier: MIT */
/*
 * bare-reseed: makes the kernel reseed its CRNG, and nothing else, so that bench/reseed can
 * tell what all the rest of crng reseed costs.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdlib.h>
#include <sys/ioctl.h>

int main(void)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(EXIT_FAILURE, "/dev/urandom");
	if (ioctl(fd, RNDRESEEDCRNG) != 0)
		err(EXIT_FAILURE, "RNDRESEEDCRNG");
	return EXIT_SUCCESS;
}
