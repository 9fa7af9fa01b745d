/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RND_IOCTL_H
#define CRNG_RND_IOCTL_H

#include <stddef.h>

/*
 * The ioctls of /dev/random and /dev/urandom, either of which is open as fd. "Kernel" is
 * random_ioctl() in drivers/char/random.c.
 */

/*
 * Does the kernel know RNDRESEEDCRNG? Never reseeds: the calling thread gives up
 * CAP_SYS_ADMIN while it asks. Returns 1, 0 or -errno.
 */
int rnd_knows_reseed(int fd);

/*
 * May this process add entropy and reseed, which takes CAP_SYS_ADMIN in the initial user
 * namespace? Asks for what every kernel refuses (RNDADDENTROPY with a negative credit),
 * so that nothing is done. Returns 0; -EPERM; -EPROTO: the answer is not the kernel's
 * own; or another -errno.
 */
int rnd_permitted(int fd);

/*
 * Mixes n bytes into the pool, without credit (RNDADDENTROPY, random(4)). They are wiped
 * from where they were copied to. Returns 0 or -errno.
 */
int rnd_add(int fd, const void *data, size_t n);

/*
 * The same, and credits them with that many bits. After an error some may have been
 * mixed, but nothing was credited (write_pool_user() and random_ioctl(), 5.18).
 */
int rnd_credit(int fd, const void *data, size_t n, unsigned int bits);

/*
 * Makes the kernel reseed the CRNG from the pool, now (RNDRESEEDCRNG). Returns 0; -EPERM;
 * -ENODATA: the CRNG is not ready; -EINVAL: before Linux 4.17, 4.14.36; -ENOTTY: also a
 * 32-bit program on a 64-bit kernel before 5.5; -EPROTO: the answer is not the kernel's
 * own; or another -errno.
 *
 * Up to 5.18, 0 does not mean that anything was taken from the pool: 4.14 to 5.11 without
 * the fix of 5.12 re-key the CRNG from itself, and from 5.12 on crng_reseed() returns at
 * once while less than 128 bits (5.18: 256) are credited. Since 5.19, and the stable
 * kernels of 2022 that have its random.c, it always reseeds.
 */
int rnd_reseed(int fd);

#endif
