/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_STATUS_EXPLAIN_H
#define CRNG_CMD_STATUS_EXPLAIN_H

#include <stdbool.h>

/* Is it the id of a piece of advice, or "list"? */
bool status_explain_knows(const char *id);

/* What was perhaps meant by an id that there is not, or NULL. */
const char *status_explain_nearest(const char *id);

/*
 * Prints the long text of that advice, with the action that fits the running system or
 * the captured tree; or a list of all. Returns an enum exit_status.
 */
int status_explain(const char *id, const char *tree);

#endif
