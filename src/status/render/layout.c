/* SPDX-License-Identifier: MIT */
/* How status looks to people: columns, line breaks, colour. */
#include "status/render/layout.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

enum { ROW_MAX = 2048, ESCAPED_WIDTH = 4 /* \xNN */ };

void layout_paint(const struct layout *layout, enum layout_paint paint)
{
	static const char *const codes[] = {
		[PAINT_NONE] = "\033[0m", [PAINT_BOLD] = "\033[1m",
		[PAINT_DIM] = "\033[2m",  [PAINT_GOOD] = "\033[32m",
		[PAINT_BAD] = "\033[31m", [PAINT_WARN] = "\033[33m",
	};

	if (layout->style->colour)
		fputs(codes[paint], layout->out);
}

/*
 * The length in bytes of the character at text, which is valid UTF-8: all text from
 * outside has been escaped.
 */
static size_t character(const char *text)
{
	size_t n = 1;

	while (((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool is_plain(const struct layout *layout, const char *text)
{
	return layout->style->unicode || !((unsigned char)*text & 0x80);
}

/* The columns that a character of n bytes takes. */
static unsigned int width_of(const struct layout *layout, const char *text, size_t n)
{
	unsigned int columns;

	if (!is_plain(layout, text))
		return (unsigned int)n * ESCAPED_WIDTH;
	return text_character(text, n, &columns) == n ? columns : 1;
}

static void put_character(const struct layout *layout, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(layout->out, is_plain(layout, text) ? "%c" : "\\x%02x",
			is_plain(layout, text) ? text[i] : (unsigned char)text[i]);
}

unsigned int layout_width(const struct layout *layout, const char *text)
{
	unsigned int width = 0;

	while (*text) {
		size_t n = character(text);

		width += width_of(layout, text, n);
		text += n;
	}
	return width;
}

void layout_cut(const struct layout *layout, const char *text, unsigned int columns)
{
	const char *mark = layout->style->unicode ? "…" : "~";
	bool whole = layout_width(layout, text) <= columns;
	unsigned int at = whole ? 0 : 1;

	while (*text) {
		size_t n = character(text);

		at += width_of(layout, text, n);
		if (at > columns)
			break;
		put_character(layout, text, n);
		text += n;
	}
	if (!whole && columns > 0)
		fputs(mark, layout->out);
}

void layout_cell(const struct layout *layout, const char *text, unsigned int columns)
{
	unsigned int width = layout_width(layout, text);

	layout_cut(layout, text, columns);
	fprintf(layout->out, "%*s", width < columns ? (int)(columns - width) : 0, "");
}

static unsigned int word_width(const struct layout *layout, const char *word)
{
	unsigned int width = 0;

	while (*word && *word != ' ') {
		size_t n = character(word);

		width += width_of(layout, word, n);
		word += n;
	}
	return width;
}

/* Returns the column after the word. */
static unsigned int put_word(const struct layout *layout, unsigned int indent,
			     unsigned int at, const char **word)
{
	while (**word && **word != ' ') {
		size_t n = character(*word);
		unsigned int width = width_of(layout, *word, n);

		if (at + width > layout->style->columns && at > indent) {
			fprintf(layout->out, "\n%*s", (int)indent, "");
			at = indent;
		}
		put_character(layout, *word, n);
		at += width;
		*word += n;
	}
	return at;
}

void layout_text(const struct layout *layout, unsigned int indent, unsigned int at,
		 const char *text)
{
	bool first = true;

	while (*text) {
		text += strspn(text, " ");
		if (!first &&
		    at + 1 + word_width(layout, text) > layout->style->columns) {
			fprintf(layout->out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			fputc(' ', layout->out);
			at++;
		}
		at = put_word(layout, indent, at, &text);
		first = false;
	}
	fputc('\n', layout->out);
}

void layout_section(const struct layout *layout, const char *title)
{
	fputc('\n', layout->out);
	layout_paint(layout, PAINT_BOLD);
	fputs(title, layout->out);
	layout_paint(layout, PAINT_NONE);
	fputc('\n', layout->out);
}

void layout_row(const struct layout *layout, const char *label, const char *format, ...)
{
	char value[ROW_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	fprintf(layout->out, "%*s%-*s", LAYOUT_INDENT, "", LAYOUT_VALUE - LAYOUT_INDENT,
		label);
	/* A label that fills its column gets a line of its own. */
	if (strlen(label) >= LAYOUT_VALUE - LAYOUT_INDENT)
		fprintf(layout->out, "\n%*s", LAYOUT_VALUE, "");
	layout_text(layout, LAYOUT_VALUE, LAYOUT_VALUE, value);
}

void layout_note(const struct layout *layout, const char *format, ...)
{
	char text[ROW_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(layout->out, "%*s", LAYOUT_INDENT, "");
	layout_text(layout, LAYOUT_INDENT, LAYOUT_INDENT, text);
}

void render_paragraph(FILE *out, unsigned int indent, const char *text)
{
	const struct render_style plain = { .columns = RENDER_COLUMNS };
	const struct layout layout = { .out = out, .style = &plain };

	fprintf(out, "%*s", (int)indent, "");
	layout_text(&layout, indent, indent, text);
}
