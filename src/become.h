/* SPDX-License-Identifier: MIT */
#ifndef CRNG_BECOME_H
#define CRNG_BECOME_H

/* The command that follows the options of some commands: "-- CMD [ARG]...". */

/* Cuts it off the arguments. Returns it, or NULL if there is no "--". */
char **become_cut(int *argc, char **argv);

/*
 * Executes it in place of this process. Nothing was changed that it would inherit.
 * Returns only on failure, with a message: 126 or 127 of enum exit_status.
 */
int become(char **command);

#endif
