/* SPDX-License-Identifier: MIT */
#ifndef CRNG_FORK_H
#define CRNG_FORK_H

#include <stdbool.h>

/* What to take care of where a child continues as a copy of this process. */

/*
 * Would our next child be the first process of a new PID namespace ("unshare -p")? When
 * that child ends, the namespace is dead, and the program that we become can never fork
 * (pid_namespaces(7)).
 */
bool fork_founds_namespace(void);

/*
 * Prepares for a child that ends before us. Returns false if it must not be started: it
 * would found a PID namespace that we need when we become another program, which may
 * fork. Where we become none, our children stay (fork_stay()).
 */
bool fork_prepare(bool becomes);

/*
 * From now on our children stay in our own PID namespace, where that is allowed (it needs
 * CAP_SYS_ADMIN and Linux 3.8; setns(2)). Only for a process that will not become another
 * program.
 */
void fork_stay(void);

/*
 * To be called in the child: its handlers are those of the parent, and would remove the
 * parent's files. Signals that are ignored stay ignored.
 */
void fork_drop_handlers(void);

#endif
