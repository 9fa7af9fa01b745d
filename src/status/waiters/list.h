/* SPDX-License-Identifier: MIT */
#ifndef CRNG_LIST_H
#define CRNG_LIST_H

#include "status/waiters/waiters.h"

/* The waiter of that identity; NULL: there is none. */
struct waiter *waiters_find(struct waiters *waiters, pid_t tid, uint64_t start);

/* Appends a copy where there is room. */
void waiters_append(struct waiters *waiters, const struct waiter *waiter);

#endif
