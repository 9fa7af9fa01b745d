/* SPDX-License-Identifier: MIT */
/* Everything that is not data goes to standard error through here. */
#include "base/message.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

/* Each byte of text becomes at most four. */
enum { TEXT_MAX_BYTES = 960, LINE_MAX_BYTES = 4096 };

static const char *prefix = "crng";

void message_prefix(const char *name)
{
	prefix = name;
}

/*
 * Standard error may be closed or full, or its reader gone; there is nobody left to tell.
 * The SIGPIPE of this write, and no other, is taken back, so that it does not end the
 * program. A signal handler may come here.
 */
static void put(const char *line, size_t len)
{
	const struct timespec now = { .tv_sec = 0 };
	int saved = errno;
	sigset_t set, pending, before;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, &before);
	sigpending(&pending);
	if (write(STDERR_FILENO, line, len) < 0 && errno == EPIPE &&
	    !sigismember(&pending, SIGPIPE))
		sigtimedwait(&set, NULL, &now);
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
}

/* Long text keeps its head and its tail, where the reason stands. */
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
	put(line, at);
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
		put(line, (size_t)len);
}

bool message_can_redraw(void)
{
	return io_is_screen(STDERR_FILENO);
}

bool message_has_room(void)
{
	struct pollfd pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

	/* POLLERR comes with it where the reader has gone. */
	return poll(&pfd, 1, 0) > 0 && pfd.revents == POLLOUT;
}

/* After "stty tostop" a job in the background would be stopped for a drawn line. */
static bool may_draw(void)
{
	struct termios settings;
	pid_t foreground = tcgetpgrp(STDERR_FILENO);

	if (foreground >= 0 && foreground != getpgrp() &&
	    tcgetattr(STDERR_FILENO, &settings) == 0 && (settings.c_lflag & TOSTOP))
		return false;
	return message_has_room();
}

#define CLEAR "\r\033[K"

void message_transient(const char *text)
{
	struct winsize size = { .ws_col = 0 };
	char line[LINE_MAX_BYTES / 2], out[LINE_MAX_BYTES];

	if (!may_draw())
		return;
	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);

	int width = size.ws_col > 0 ? size.ws_col - 1 : 79;

	snprintf(line, sizeof(line), "%s: %s", prefix, text);

	int len = snprintf(out, sizeof(out), CLEAR "%.*s", width, line);

	if (len > 0)
		put(out, (size_t)len);
}

void message_clear(void)
{
	if (may_draw())
		put(CLEAR, strlen(CLEAR));
}
