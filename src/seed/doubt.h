/* SPDX-License-Identifier: MIT */
#ifndef CRNG_DOUBT_H
#define CRNG_DOUBT_H

#include <stdbool.h>
#include <stddef.h>

#include "seed/files.h"
#include "seed/machine.h"

/*
 * Is there a reason not to credit this file, which is seed.credit? Then writes it to why.
 * Pure.
 */
bool doubt_about(const struct stored_seed *file, const struct machine *machine,
		 bool any_machine, char *why, size_t size);

#endif
