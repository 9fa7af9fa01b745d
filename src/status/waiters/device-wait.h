/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DEVICE_WAIT_H
#define CRNG_DEVICE_WAIT_H

#include "status/waiters/abi.h"
#include "status/waiters/proc-parse.h"
#include "status/waiters/proc.h"

/*
 * Does the call in which the task sleeps wait for /dev/random to be readable? An epoll(7)
 * descriptor counts too, also within another. Returns 1; 0; -EACCES: not all of it can be
 * seen, such as what an io_uring(7) waits for.
 */
int device_wait_examine(const struct task *task, enum abi_call call,
			const struct proc_syscall *syscall);

#endif
