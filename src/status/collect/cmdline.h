#ifndef CRNG_CMDLINE_H
#define CRNG_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "status/facts.h"

/*
 * The value of the last NAME=value of a kernel command line, copied to value (its size
 * bytes; "" for NAME alone), quotes as in the kernel's next_arg(), '-' and '_' alike.
 * What follows "--" is meant for init. Returns false where the name is not there. Pure.
 */
bool cmdline_value(const char *cmdline, const char *name, char *value, size_t size);

/* Fills the facts that a kernel command line tells. Pure. */
void cmdline_facts(const char *cmdline, struct facts *facts);

/* They are unknown for that reason, a static string. */
void cmdline_unknown(const char *why, struct facts *facts);

#endif
