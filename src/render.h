/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RENDER_H
#define CRNG_RENDER_H

#include <stdio.h>

#include "facts.h"

/* A way to write all facts. Only reads them; errors stay in the stream (ferror(3)). */
struct renderer {
	const char *name;
	const char *summary;
	void (*render)(const struct facts *facts, FILE *out);
};

/* All formats, ended by one whose name is NULL; the first is the default. */
extern const struct renderer renderers[];

/* The format of that name, or NULL. */
const struct renderer *renderer_find(const char *name);

void render_human(const struct facts *facts, FILE *out);
void render_json(const struct facts *facts, FILE *out);

/*
 * Why the CRNG is not ready, in half a line: bits gathered of bits needed, and which
 * sources of entropy there are.
 */
void render_shortfall(const struct facts *facts, char *text, size_t size);

#endif
