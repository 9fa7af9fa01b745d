/* SPDX-License-Identifier: MIT */
/*
 * status --watch. The terminal is left in the state it has: no other screen, no hidden
 * cursor, so that a signal may end this at any moment.
 */
#include "watch.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "collect.h"
#include "deadline.h"
#include "device.h"
#include "io.h"

#define CLEAR_SCREEN "\033[H\033[2J"
#define HOME "\033[H"
#define CLEAR_REST_OF_LINE "\033[K"
#define CLEAR_BELOW "\033[J"

static void wake(int number)
{
	(void)number; /* that ppoll(2) ends is all it is for */
}

static unsigned int rows(void)
{
	struct winsize size = { .ws_row = 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	return size.ws_row > 1 ? size.ws_row - 1u : 23;
}

/* As much of the text as fits, over what was there. */
static void redraw(const char *text)
{
	fputs(HOME, stdout);
	for (unsigned int left = rows(); left > 0 && *text; left--) {
		size_t len = strcspn(text, "\n");

		fwrite(text, 1, len, stdout);
		fputs(CLEAR_REST_OF_LINE "\n", stdout);
		text += len + (text[len] == '\n');
	}
	fputs(CLEAR_BELOW, stdout);
}

static void show(const struct facts *facts, const struct renderer *renderer,
		 const struct render_style *style, bool first)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = isatty(STDOUT_FILENO) ? open_memstream(&text, &size) : NULL;

	if (memory) {
		renderer->render(facts, style, memory);
		fclose(memory);
		fputs(first ? CLEAR_SCREEN : "", stdout);
		redraw(text);
		free(text);
	} else {
		fputs(first ? "" : "\n", stdout);
		renderer->render(facts, style, stdout);
	}
	fflush(stdout);
}

/* Sleeps until it is worth to look again; SIGWINCH is let in only here. */
static void rest(int fd, int64_t interval, const sigset_t *mask)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec ts;

	ppoll(&pfd, 1, deadline_timespec(interval, &ts), mask);
}

void watch(const struct renderer *renderer, const struct render_style *style,
	   int64_t interval)
{
	static struct facts facts;
	struct sigaction action = { .sa_handler = wake };
	sigset_t resize, before;
	bool was_ready = false;
	int fd = device_poll_means_ready() ? device_open(DEVICE_RANDOM) : -1;

	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	sigprocmask(SIG_BLOCK, &resize, &before);
	sigaction(SIGWINCH, &action, NULL);
	sigdelset(&before, SIGWINCH);
	for (bool first = true; !ferror(stdout); first = false) {
		collect_facts(IO_LIVE_ROOT, COLLECT_FULL, &facts);
		show(&facts, renderer, style, first);

		bool ready = facts_ready(&facts);

		facts_free(&facts);
		was_ready |= first && ready;
		if (ready && !was_ready)
			break;
		rest(ready ? -1 : fd, interval, &before);
	}
	if (fd >= 0)
		close(fd);
}
