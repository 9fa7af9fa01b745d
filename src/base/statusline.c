/* SPDX-License-Identifier: MIT */
/* The line that a terminal shows and redraws while something takes long. */
#include "base/statusline.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/message.h"

#define CLEAR "\r\033[K"

enum { LINE_MAX_BYTES = 2048, WIDTH_DEFAULT = 80 };

static bool shown;

bool statusline_possible(void)
{
	return io_is_screen(STDERR_FILENO);
}

/* After "stty tostop" a drawn line would stop a job in the background. */
static bool may_draw(void)
{
	struct termios settings;
	pid_t foreground = tcgetpgrp(STDERR_FILENO);

	if (foreground >= 0 && foreground != getpgrp() &&
	    tcgetattr(STDERR_FILENO, &settings) == 0 && (settings.c_lflag & TOSTOP))
		return false;
	return message_has_room();
}

/* A signal handler may call this. */
static void clear(void)
{
	if (may_draw())
		message_write(CLEAR, strlen(CLEAR));
}

/* The last column stays free: some terminals wrap as soon as it is filled. */
static int width(void)
{
	struct winsize size = { .ws_col = 0 };

	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	return (size.ws_col > 0 ? size.ws_col : WIDTH_DEFAULT) - 1;
}

void statusline_show(const char *text)
{
	char line[LINE_MAX_BYTES], out[sizeof(CLEAR) + LINE_MAX_BYTES];

	shown = true;
	cleanup_line(clear);
	if (!may_draw())
		return;
	snprintf(line, sizeof(line), "%s: %s", message_name(), text);

	int len = snprintf(out, sizeof(out), CLEAR "%.*s", width(), line);

	if (len > 0)
		message_write(out, (size_t)len);
}

void statusline_end(void)
{
	if (shown)
		clear();
	shown = false;
	cleanup_line(NULL);
}
