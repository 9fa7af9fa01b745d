/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FORK_H
#define CRNG_FORK_H

#include <stdbool.h>

/* What is to be thought of where a child goes on as a copy of us. */

/*
 * Would our next child be the first process of a new PID namespace ("unshare -p")? With
 * its end that namespace is dead, and whatever we become can never fork
 * (pid_namespaces(7)).
 */
bool fork_founds_namespace(void);

/*
 * Our children stay in our own PID namespace from now on, where that is allowed (it takes
 * CAP_SYS_ADMIN, and Linux 3.8; setns(2)). For what will not become another program.
 */
void fork_stay(void);

/*
 * In the child: the handlers are those of the parent, and would remove its files. Signals
 * that are ignored stay so.
 */
void fork_drop_handlers(void);

#endif
