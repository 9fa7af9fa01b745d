/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLI_MEANT_H
#define CRNG_CLI_MEANT_H

#include "cli.h"

/*
 * Says that the command has no such option, or no such one among the letters of the word,
 * and which one was perhaps meant; returns cli->usage_status.
 */
int cli_unknown_option(const struct cli *cli, const char *word);

/*
 * Finds an operand that is certainly not one: it is the name of an option, or
 * cli->meant() knows what should come before it. Returns it, or NULL.
 */
const char *cli_stray_operand(const struct cli *cli);

/*
 * Says that the operand is one too many, and what was perhaps meant; returns
 * cli->usage_status.
 */
int cli_unexpected_operand(const struct cli *cli, const char *word);

#endif
