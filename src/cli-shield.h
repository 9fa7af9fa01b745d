/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLI_SHIELD_H
#define CRNG_CLI_SHIELD_H

/* A copy of word that popt hands through unchanged; NULL without memory. */
char *shield_word(const char *word);

/* Undoes shield_word() in place. */
void mend_word(char *word);

#endif
