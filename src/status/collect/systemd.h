#ifndef CRNG_SYSTEMD_H
#define CRNG_SYSTEMD_H

#include <stdbool.h>

#include "status/seeds.h"

/*
 * Asks systemctl(1), for at most a second, what systemd does with its seed; for a
 * captured tree, reads what it answered there. Never fails: what the answer leaves open
 * is unknown, with its reason.
 */
void systemd_ask(int root, struct seed_service *service);

/* Does systemd run there? Its answer, in a captured tree, tells that it did. */
bool systemd_runs(int root);

/* Is a unit file of that name installed there? */
bool systemd_has_unit(int root, const char *unit);

#endif
