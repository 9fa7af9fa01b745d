/* SPDX-License-Identifier: MIT */
/* Everything that is not data goes to standard error through here. */
#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

enum { LINE_MAX_BYTES = 4096 };

static const char *prefix = "crng";

void message_prefix(const char *name)
{
	prefix = name;
}

const char *message_name(void)
{
	return prefix;
}

/* Standard error may be closed or full; there is nobody left to tell. */
static void put(const char *line, size_t len)
{
	int saved = errno;
	ssize_t ignored = write(STDERR_FILENO, line, len);

	(void)ignored;
	errno = saved;
}

void message(const char *format, ...)
{
	char text[LINE_MAX_BYTES / 2], line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;

	size_t at = (size_t)snprintf(line, sizeof(line), "%s: ", prefix);

	at += text_escape(line + at, sizeof(line) - at - 1, text, (size_t)len);
	line[at++] = '\n';
	put(line, at);
}

void message_transient(const char *line, unsigned int columns)
{
	char out[LINE_MAX_BYTES];
	int width = columns > 1 ? (int)columns - 1 : 79;
	int len = snprintf(out, sizeof(out), "\r\033[K%.*s", width, line ? line : "");

	if (len > 0)
		put(out, (size_t)len < sizeof(out) ? (size_t)len : sizeof(out) - 1);
}
