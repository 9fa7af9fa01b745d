/* SPDX-License-Identifier: MIT */
#ifndef CRNG_VERSION_H
#define CRNG_VERSION_H

#include <stdbool.h>

/*
 * How many of the words from argv[1] on are a request for the version: "--version", "-V"
 * or "version", with "-v" or "--verbose" before or after it; 0: they are none. Sets
 * *verbose in each case.
 */
int version_words(int argc, char **argv, bool *verbose);

/*
 * Prints the version in one line; if verbose, how crng is linked, the versions of the
 * libraries and whether this kernel has getrandom() in its vDSO as well. Returns an enum
 * exit_status.
 */
int version_print(bool verbose);

#endif
