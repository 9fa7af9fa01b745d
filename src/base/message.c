/* SPDX-License-Identifier: MIT */
/* Everything that is not data goes to standard error through here. */
#include "base/message.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

/* Each byte of text becomes at most four. */
enum { TEXT_MAX_BYTES = 960, LINE_MAX_BYTES = 4096 };

static const char *prefix = "crng";

void message_prefix(const char *name)
{
	prefix = name;
}

const char *message_name(void)
{
	return prefix;
}

/*
 * Standard error may be closed or full, or its reader gone; there is nobody left to tell.
 * The SIGPIPE of this write, and no other, is taken back, so that it does not end the
 * program.
 */
void message_write(const char *text, size_t len)
{
	const struct timespec now = { .tv_sec = 0 };
	int saved = errno;
	sigset_t set, pending, before;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, &before);
	sigpending(&pending);
	if (write(STDERR_FILENO, text, len) < 0 && errno == EPIPE &&
	    !sigismember(&pending, SIGPIPE))
		sigtimedwait(&set, NULL, &now);
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
}

/* Long text keeps its beginning, and its end, where the reason is. */
static size_t escape(char *out, size_t size, const char *text, size_t len)
{
	if (len <= TEXT_MAX_BYTES)
		return text_escape(out, size, text, len);

	size_t half = TEXT_MAX_BYTES / 2;
	size_t at = text_escape(out, size, text, half);

	at += (size_t)snprintf(out + at, size - at, " ... ");
	return at + text_escape(out + at, size - at, text + len - half, half);
}

void message_va(const char *format, va_list args)
{
	char line[LINE_MAX_BYTES];
	char *text = NULL;
	int len = vasprintf(&text, format, args);

	if (len < 0)
		return;

	size_t at = (size_t)snprintf(line, sizeof(line), "%s: ", prefix);

	at += escape(line + at, sizeof(line) - at - 1, text, (size_t)len);
	line[at++] = '\n';
	message_write(line, at);
	free(text);
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_va(format, args);
	va_end(args);
}

void message_hint(const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);

	int len = vsnprintf(line, sizeof(line), format, args);

	va_end(args);
	if (len > 0 && (size_t)len < sizeof(line))
		message_write(line, (size_t)len);
}

bool message_has_room(void)
{
	struct pollfd pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

	/* POLLERR is set as well where the reader has gone. */
	return poll(&pfd, 1, 0) > 0 && pfd.revents == POLLOUT;
}
