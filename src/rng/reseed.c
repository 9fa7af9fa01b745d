/* SPDX-License-Identifier: MIT */
/*
 * Does the kernel know RNDRESEEDCRNG? It came with the fix of CVE-2018-1108 (4.17, and
 * 4.14.36), from which on 128 bits in the input pool are readiness, and not "fast init
 * done". random_ioctl() asks for CAP_SYS_ADMIN first, so that without it the answer is
 * EPERM or EINVAL, and nothing is done.
 */
#include "rng/reseed.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/random.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RNDRESEEDCRNG
#define RNDRESEEDCRNG _IO('R', 0x07)
#endif

typedef struct __user_cap_header_struct cap_header;
typedef struct __user_cap_data_struct cap_sets[_LINUX_CAPABILITY_U32S_3];

static int ask(int fd)
{
	int error = ioctl(fd, RNDRESEEDCRNG) == 0 ? EPERM : errno;

	return error == EPERM ? 1 : error == EINVAL ? 0 : -error;
}

int reseed_is_known(int fd)
{
	cap_header header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	uint32_t mask = UINT32_C(1) << CAP_SYS_ADMIN;
	cap_sets sets;

	if (syscall(SYS_capget, &header, sets) != 0)
		return -errno;
	if (!(sets[0].effective & mask))
		return ask(fd);
	sets[0].effective &= ~mask;
	if (syscall(SYS_capset, &header, sets) != 0)
		return -errno;

	int answer = ask(fd);

	sets[0].effective |= mask;
	return syscall(SYS_capset, &header, sets) == 0 ? answer : -errno;
}
