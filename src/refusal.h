/* SPDX-License-Identifier: MIT */
#ifndef CRNG_REFUSAL_H
#define CRNG_REFUSAL_H

#include <stdbool.h>

/*
 * Says on standard error why this process may not add entropy, by the error of
 * rnd_permitted(), and what to do. act is what takes the privilege, such as "a reseed".
 * Returns false where that error says nothing about it, and prints nothing then.
 */
bool refusal_report(int rc, const char *act);

#endif
