/* SPDX-License-Identifier: MIT */
#ifndef TESTS_OWN_DEV_H
#define TESTS_OWN_DEV_H

/*
 * Makes a mount namespace in which /dev has the same files, and to which others can be
 * added that no other process sees. Returns 0 or -1, with errno.
 */
int own_dev(void);

#endif
