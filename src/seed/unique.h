/* SPDX-License-Identifier: MIT */
#ifndef CRNG_UNIQUE_H
#define CRNG_UNIQUE_H

/*
 * Looks below the root for files, other than seeds, that each machine should have for
 * itself: machine-id and the private SSH host keys. No key is opened. Calls visit with
 * the path of each, valid during the call, and 0; or with that of a directory or file
 * that cannot be read, and an errno. A machine-id that is empty or "uninitialized" does
 * not count, nor does the one of D-Bus where it is a link (machine-id(5)).
 */
void unique_visit(int root, void (*visit)(const char *path, int error, void *data),
		  void *data);

#endif
