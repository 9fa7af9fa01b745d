/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLI_SHIELD_H
#define CRNG_CLI_SHIELD_H

/* A copy of word that popt passes on unchanged; NULL where memory is short. */
char *cli_shield(const char *word);

/* Undoes cli_shield() in place. */
void cli_unshield(char *word);

#endif
