/* SPDX-License-Identifier: MIT */
#ifndef CRNG_SHELL_H
#define CRNG_SHELL_H

#include "status/render/render.h"

/*
 * Writes one assignment, CRNG_GROUP_KEY='value', in capitals; group may be "". Names come
 * from tables and consist of letters, digits and "_".
 */
void shell_put(FILE *out, const char *group, const char *key, const char *value);

/* The same with a value as of printf(3). */
void shell_putf(FILE *out, const char *group, const char *key, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
