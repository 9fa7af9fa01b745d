/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RENDER_H
#define CRNG_RENDER_H

#include <stdio.h>

#include "status/facts.h"

/* What the human form may use; the others are the same everywhere. */
struct render_style {
	bool colour;
	bool unicode; /* else ASCII only */
};

/* A way to write all facts. Only reads them; errors stay in the stream (ferror(3)). */
struct renderer {
	const char *name;
	const char *summary;
	void (*render)(const struct facts *facts, const struct render_style *style,
		       FILE *out);
};

/* All formats, ended by one whose name is NULL; the first is the default. */
extern const struct renderer renderers[];

/* The format of that name, or NULL. */
const struct renderer *renderer_find(const char *name);

void render_human(const struct facts *facts, const struct render_style *style, FILE *out);
void render_json(const struct facts *facts, const struct render_style *style, FILE *out);
void render_shell(const struct facts *facts, const struct render_style *style, FILE *out);
void render_prometheus(const struct facts *facts, const struct render_style *style,
		       FILE *out);

/*
 * Why the CRNG is not ready, in half a line: bits gathered of bits needed, and which
 * sources of entropy there are.
 */
void render_shortfall(const struct facts *facts, char *text, size_t size);

/* The name of a kind of event as the machine formats show it: "fast_init". */
const char *render_event_name(enum timeline_kind kind);

/* "yes", "no", "unknown". */
const char *render_credit_name(enum seed_credit credit);

#endif
