/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MESSAGE_H
#define CRNG_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Names what speaks: "crng wait". The string must live as long as the program. */
void message_prefix(const char *name);

/* The name that message_prefix() was given last; "crng" before. */
const char *message_name(void);

/*
 * Writes "PREFIX: TEXT\n" to standard error in one write, so that lines of several
 * processes do not mix. What the arguments bring in is escaped with text_escape() and
 * long text is cut in its middle. errno is kept; that nobody reads it is no error, and
 * raises no SIGPIPE.
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with the arguments of a caller of its own. */
void message_va(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Writes the text as it is, which must be our own, to standard error in one write. */
void message_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Writes the text as it is to standard error in one write. errno is kept; that nobody
 * reads it is no error, and raises no SIGPIPE. A signal handler may call this.
 */
void message_write(const char *text, size_t len);

/* Would a line go out at once? Not where the reader of a pipe sleeps, or after Ctrl-S. */
bool message_has_room(void);

#endif
