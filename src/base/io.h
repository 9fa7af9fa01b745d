/* SPDX-License-Identifier: MIT */
#ifndef CRNG_IO_H
#define CRNG_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A root directory descriptor that stands for the running system's own root. */
#define IO_LIVE_ROOT (-100)

/*
 * Occupies the closed ones of descriptors 0 to 2 with one that can be neither read nor
 * written (and is closed on exec), so that no file opened later takes their place and
 * gets what is meant for a reader. Costs three fcntl() calls and opens nothing otherwise.
 */
void io_reserve_standard(void);

/*
 * Makes fd, if it is one, standard input and closes all others, as well as the kernel
 * allows. Where fd cannot be moved all stay open.
 */
void io_keep_only(int fd);

/* Is fd a terminal that can do more than print? Without TERM, or with dumb, it cannot. */
bool io_is_screen(int fd);

/*
 * Writes all n bytes; waits with poll(2) where fd is non-blocking and full. Returns 0 or
 * -errno; how much was written by then is not known to the caller.
 */
int io_write_full(int fd, const void *buf, size_t n);

/*
 * Opens what is at the absolute path below root, closed on exec, with the flags of
 * open(2). IO_LIVE_ROOT is the running system; for any other root symbolic links cannot
 * lead out of it (RESOLVE_IN_ROOT, openat2(2), Linux 5.6; resolve.h where that is missing
 * or forbidden). Returns the descriptor or -errno; -ETIMEDOUT for a path that is known
 * not to answer (ask.h), as the next two do.
 */
int io_open_any_in(int root, const char *path, int flags);

/* Opens the regular file there for reading; -EINVAL for what is not a regular file. */
int io_open_in(int root, const char *path);

/*
 * Reads at most size - 1 bytes of that file into buf and ends them with NUL. Returns the
 * number of bytes or -errno.
 */
long io_read_in(int root, const char *path, char *buf, size_t size);

/*
 * Where to print. It is kept in memory until io_flush() or io_close_stdout(): stdio does
 * not wait where standard output is non-blocking and full, and forgets why a write
 * failed. Without the memory it is stdio's own stdout. Valid until the next of these.
 */
FILE *io_out(void);

/* Writes what was printed, at once; returns 0 or -errno. */
int io_flush(void);

/*
 * Writes what was printed, and closes standard output. Returns 0, also when nothing was
 * written to a closed one, or -errno: only this tells whether the data arrived (a full
 * disk shows here).
 */
int io_close_stdout(void);

#endif
