/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KEYFILE_MODE_H
#define CRNG_KEYFILE_MODE_H

#include "bytes/keyfile.h"

/*
 * Checks, by what the file system itself reports, that nobody may read or write the file
 * whom its mode does not name, and that it is ours. Returns 0; -EACCES with the problem
 * KEYFILE_EXPOSED or KEYFILE_FOREIGN; or another -errno.
 */
int keyfile_check_mode(struct keyfile *keyfile);

/*
 * Lets all do what the mode says with a file that now has all its bytes.
 * Removes an access control list that the directory has handed down: with the mode, it
 * would let in whom it names. Returns 0; -EACCES with the problem KEYFILE_NARROW where
 * the file system does not do that, or with those above; or another -errno.
 */
int keyfile_widen(struct keyfile *keyfile);

#endif
