#ifndef CRNG_SYSTEMD_H
#define CRNG_SYSTEMD_H

#include "status/seeds.h"

/*
 * Asks systemctl(1), for at most a second, what systemd does with its seed; of a captured
 * tree what it answered there. Never fails: what is not told is unknown, with its reason.
 */
void systemd_ask(int root, struct seed_service *service);

#endif
