/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ACTION_H
#define CRNG_ACTION_H

#include "status/advice/advice.h"

/*
 * Fills the values into an action. root_by is how the user becomes root: "sudo", "doas",
 * "su"; NULL where that is not needed. Where the command would not fit, or a name cannot
 * be pasted, the action is a sentence instead.
 */
void action_fill(struct advice_action *action, const struct advice_template *from,
		 const char *about, const char *root_by);

#endif
