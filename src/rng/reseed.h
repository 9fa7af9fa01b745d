#ifndef CRNG_RESEED_H
#define CRNG_RESEED_H

/*
 * Does the kernel whose /dev/random is open as fd know RNDRESEEDCRNG? Never reseeds: the
 * calling thread gives up CAP_SYS_ADMIN while it asks. Returns 1, 0 or -errno.
 */
int reseed_is_known(int fd);

#endif
