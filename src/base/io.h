/* SPDX-License-Identifier: MIT */
#ifndef CRNG_IO_H
#define CRNG_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

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

/* The names that status knows the functions of root.h by. */
#include "base/root.h"
#define IO_LIVE_ROOT ROOT_LIVE
#define io_open_any_in root_open_any
#define io_open_in root_open
#define io_read_in root_read

#endif
