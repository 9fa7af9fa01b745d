/* SPDX-License-Identifier: MIT */
#ifndef CRNG_TASK_MEMORY_H
#define CRNG_TASK_MEMORY_H

#include "status/waiters/look.h"

/*
 * look_at() for each descriptor that poll(2) or select(2) was given to wait for until it
 * is readable: address is that of the array or set in the task's memory, count the number
 * of its entries. compat: the set consists of longs of 32 bits, as a task of a 32-bit ABI
 * has it.
 */
bool task_memory_poll(struct look *look, uint64_t address, uint64_t count);
bool task_memory_select(struct look *look, uint64_t address, uint64_t count, bool compat);

#endif
