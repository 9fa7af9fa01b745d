/* SPDX-License-Identifier: MIT */
#ifndef CRNG_LAYOUT_H
#define CRNG_LAYOUT_H

#include <stddef.h>
#include <stdio.h>

#include "status/render/render.h"

/* Sections, labelled rows and paragraphs, wrapped at the columns of the style. */

enum { LAYOUT_INDENT = 2, LAYOUT_VALUE = 17 };

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
	bool terse; /* without remarks on what could not be seen, for want of room */
};

/*
 * Writes text wrapped between words and ends it with a newline. Lines are indented,
 * except the first, which is already filled up to column at. Bytes above 0x7f are written
 * as \xNN where the style is ASCII. A single word may be broken to fit.
 */
void layout_text(const struct layout *layout, unsigned int indent, unsigned int at,
		 const char *text);

/* A blank line and the title of a section. */
void layout_section(const struct layout *layout, const char *title);

/* "  label          value", the value wrapped under itself; printf(3). */
void layout_row(const struct layout *layout, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* An indented paragraph; printf(3). */
void layout_note(const struct layout *layout, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The columns that the text takes on one line. */
unsigned int layout_width(const struct layout *layout, const char *text);

/* Writes at most that many columns of the text; a mark, "…" or "~", tells of a cut. */
void layout_cut(const struct layout *layout, const char *text, unsigned int columns);

/* The same, and blanks up to that many columns. */
void layout_cell(const struct layout *layout, const char *text, unsigned int columns);

/* Starts a colour, or ends it (PAINT_NONE), where the style has colours. */
void layout_paint(const struct layout *layout, enum layout_paint paint);

#endif
