/* SPDX-License-Identifier: MIT */
#ifndef CRNG_RENDER_H
#define CRNG_RENDER_H

#include <stdio.h>

#include "status/facts.h"
#include "status/history/history.h"

enum { RENDER_COLUMNS = 80, RENDER_ROWS = 22 };

/* What the human form may use; the other formats look the same everywhere. */
struct render_style {
	bool colour;
	bool unicode;	      /* else ASCII only */
	bool verbose;	      /* all that is known, else at most RENDER_ROWS rows */
	unsigned int columns; /* of the terminal */
};

/*
 * A format that shows all facts, and one that shows the list of boots, or NULL. They only
 * read them; errors stay in the stream (ferror(3)).
 */
struct renderer {
	const char *name;
	void (*render)(const struct facts *facts, const struct render_style *style,
		       FILE *out);
	void (*boots)(const struct history *history, const struct render_style *style,
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
void render_svg(const struct facts *facts, const struct render_style *style, FILE *out);

void human_boots(const struct history *history, const struct render_style *style,
		 FILE *out);
void json_boots(const struct history *history, const struct render_style *style,
		FILE *out);
void shell_boots(const struct history *history, const struct render_style *style,
		 FILE *out);

/*
 * Writes text as a paragraph of at most 80 columns, with each line indented by indent
 * columns, and ends it with a newline. ASCII only: bytes above 0x7f are written as \xNN.
 */
void render_paragraph(FILE *out, unsigned int indent, const char *text);

#endif
