/* SPDX-License-Identifier: MIT */
#ifndef CRNG_PASS_H
#define CRNG_PASS_H

#include <dirent.h>
#include <stdbool.h>

#include "status/waiters/waiters.h"

/*
 * Adds the tasks that wait at this moment to the list. The first pass also counts all
 * tasks. proc is the directory /proc.
 */
void waiters_pass(struct waiters *waiters, DIR *proc, bool first);

#endif
