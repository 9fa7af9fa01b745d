/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RESOLVE_H
#define CRNG_RESOLVE_H

/*
 * Opens what is at the path below the directory root, closed on exec, with the flags of
 * open(2), as openat2(2) does with RESOLVE_IN_ROOT: links stay inside, even absolute ones
 * and those that climb. Returns the descriptor or -errno: -ELOOP after 40 links, as
 * path_resolution(7), -ENAMETOOLONG for what PATH_MAX or NAME_MAX cannot hold.
 */
int resolve_open(int root, const char *path, int flags);

#endif
