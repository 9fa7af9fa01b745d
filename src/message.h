/* SPDX-License-Identifier: MIT */
#ifndef CRNG_MESSAGE_H
#define CRNG_MESSAGE_H

/* Names what speaks: "crng wait". The string must live as long as the program. */
void message_prefix(const char *name);

/* The name given to message_prefix(). */
const char *message_name(void);

/*
 * Writes "PREFIX: TEXT\n" to standard error in one write, so that lines of several
 * processes do not mix. What the arguments bring in is escaped with text_escape() and the
 * line is cut at about 4000 bytes. errno is kept; that nobody reads it is no error.
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Shows one line on standard error that the next call overwrites; NULL clears it. Only
 * for a terminal; at most columns - 1 characters are shown.
 */
void message_transient(const char *line, unsigned int columns);

#endif
