/* SPDX-License-Identifier: MIT */
#include "rng/rnd-ioctl.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/random.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RNDRESEEDCRNG
#define RNDRESEEDCRNG _IO('R', 0x07)
#endif

/* A whole number of these is never cut short by a signal (write_pool_user(), 5.18). */
enum { CHUNK = 4096 };

/* struct rand_pool_info of <linux/random.h>, whose array has no length. */
struct chunk {
	int credit; /* bits */
	int size;   /* bytes */
	unsigned char data[CHUNK];
};

typedef struct __user_cap_header_struct cap_header;
typedef struct __user_cap_data_struct cap_sets[_LINUX_CAPABILITY_U32S_3];

/* What ioctl(2) returned, as 0 or -errno. The kernel itself gives no other numbers. */
static int answer(int rc)
{
	return rc < 0 ? -errno : rc == 0 ? 0 : -EPROTO;
}

int rnd_reseed(int fd)
{
	return answer(ioctl(fd, RNDRESEEDCRNG));
}

/*
 * RNDRESEEDCRNG came with the fix of CVE-2018-1108 (4.17, and 4.14.36), from which on 128
 * bits in the input pool are readiness, and not "fast init done". The kernel asks for
 * CAP_SYS_ADMIN first, so that without it the answer is EPERM or EINVAL, and nothing is
 * done.
 */
static int ask(int fd)
{
	int rc = rnd_reseed(fd);

	return rc == 0 || rc == -EPERM ? 1 : rc == -EINVAL ? 0 : rc;
}

int rnd_knows_reseed(int fd)
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

	int known = ask(fd);

	sets[0].effective |= mask;
	return syscall(SYS_capset, &header, sets) == 0 ? known : -errno;
}

int rnd_permitted(int fd)
{
	struct chunk refused = { .credit = -1 };
	int rc = answer(ioctl(fd, RNDADDENTROPY, &refused));

	return rc == 0 ? -EPROTO : rc == -EINVAL ? 0 : rc;
}

/* The credit goes to the last chunk. */
static int add(int fd, const void *data, size_t n, int bits)
{
	struct chunk chunk = { .credit = 0 };
	int rc = 0;

	for (size_t done = 0; rc == 0 && done < n; done += (size_t)chunk.size) {
		chunk.size = (int)(n - done < CHUNK ? n - done : CHUNK);
		chunk.credit = done + (size_t)chunk.size == n ? bits : 0;
		memcpy(chunk.data, (const char *)data + done, (size_t)chunk.size);
		rc = answer(ioctl(fd, RNDADDENTROPY, &chunk));
	}
	explicit_bzero(&chunk, sizeof(chunk));
	return rc;
}

int rnd_add(int fd, const void *data, size_t n)
{
	return add(fd, data, n, 0);
}

int rnd_credit(int fd, const void *data, size_t n, unsigned int bits)
{
	return add(fd, data, n, (int)bits);
}
