/* SPDX-License-Identifier: MIT */
#ifndef CRNG_IO_H
#define CRNG_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Replaces each closed one of the descriptors 0 to 2 by one that can be neither read nor
 * written (and is closed on exec), so that no file opened later takes its place and gets
 * what is meant for a reader. Where none is closed it costs three fcntl() calls and opens
 * nothing.
 */
void io_reserve_standard(void);

/*
 * Makes fd standard input, unless it is negative, and closes all others, as far as the
 * kernel allows. Where fd cannot be moved, all stay open.
 */
void io_keep_only(int fd);

/*
 * Is fd a terminal that can do more than print? Without TERM, or with TERM=dumb, it
 * cannot.
 */
bool io_is_screen(int fd);

/*
 * The size of the terminal fd in characters, as far as it is known: else, and where fd is
 * no terminal, *rows and *columns stay as they are. rows may be NULL.
 */
void io_screen_size(int fd, unsigned int *rows, unsigned int *columns);

/*
 * Writes all n bytes; waits with poll(2) where fd is non-blocking and full. Returns 0 or
 * -errno; then the caller cannot know how much was written.
 */
int io_write_full(int fd, const void *buf, size_t n);

/*
 * The stream to print to. Its text is kept in memory until io_flush() or
 * io_close_stdout(), because stdio does not wait where standard output is non-blocking
 * and full, and forgets why a write failed. Where memory is short it is stdio's own
 * stdout. Valid until the next call of one of these two.
 */
FILE *io_out(void);

/* Writes now what was printed; returns 0 or -errno. */
int io_flush(void);

/*
 * Writes what was printed, and closes standard output. Returns 0, also where it was
 * closed before and nothing was printed, or -errno: only this tells whether the data
 * arrived (a full disk shows here).
 */
int io_close_stdout(void);

#endif
