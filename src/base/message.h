/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MESSAGE_H
#define CRNG_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Sets the name that messages begin with: "crng wait". It must be a static string. */
void message_prefix(const char *name);

/* The name that message_prefix() was given last; "crng" before. */
const char *message_name(void);

/*
 * Writes "PREFIX: TEXT\n" to standard error in one write, so that lines of several
 * processes do not mix. The text is escaped with text_escape(), since the arguments may
 * be foreign, and is cut in the middle if it is long. errno is kept; a missing reader is
 * not an error and raises no SIGPIPE.
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a function that takes such arguments itself. */
void message_va(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Writes the text unescaped, so it must be our own, to standard error in one write. */
void message_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Writes the text as it is to standard error in one write. errno is kept; a missing
 * reader is not an error and raises no SIGPIPE. A signal handler may call this.
 */
void message_write(const char *text, size_t len);

/* Would a line be written at once? Not if a pipe's reader sleeps, or after Ctrl-S. */
bool message_has_room(void);

#endif
