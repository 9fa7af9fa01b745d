/* SPDX-License-Identifier: MIT */
#ifndef CRNG_LAYOUT_H
#define CRNG_LAYOUT_H

#include <stddef.h>
#include <stdio.h>

#include "status/render/render.h"

/* Sections, labelled rows and wrapped paragraphs of at most 80 columns. */

enum { LAYOUT_COLUMNS = 80, LAYOUT_INDENT = 2, LAYOUT_VALUE = 17 };

enum layout_paint {
	PAINT_NONE,
	PAINT_BOLD,
	PAINT_DIM,
	PAINT_GOOD,
	PAINT_BAD,
	PAINT_WARN
};

struct layout {
	FILE *out;
	const struct render_style *style;
};

/*
 * Writes text, broken between words, each line indented; the first one is already filled
 * up to column at. Ends with a newline. Bytes above 0x7f are written as \xNN where the
 * style is ASCII. A single word may be broken to fit.
 */
void layout_text(const struct layout *layout, unsigned int indent, unsigned int at,
		 const char *text);

/* A blank line and the title of a section. */
void layout_section(const struct layout *layout, const char *title);

/* "  label          value", the value wrapped under itself; printf(3). */
void layout_row(const struct layout *layout, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Starts and ends (PAINT_NONE) a colour, where the style has colours. */
void layout_paint(const struct layout *layout, enum layout_paint paint);

#endif
