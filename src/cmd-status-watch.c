/* SPDX-License-Identifier: MIT */
/*
 * status --watch. Leaves the terminal in its normal state, without another screen or a
 * hidden cursor, so that a signal may end it at any moment.
 */
#include "cmd-status-watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/io.h"
#include "base/text.h"
#include "rng/device.h"
#include "rng/rng.h"
#include "status/collect/collect.h"

#define CLEAR_SCREEN "\033[H\033[2J"
#define HOME "\033[H"
#define CLEAR_REST_OF_LINE "\033[K"
#define CLEAR_BELOW "\033[J"
#define NO_COLOUR "\033[m"

#define INTERVAL_MIN_NS (100 * NS_PER_MS) /* as watch(1) */

static void wake(int number)
{
	(void)number; /* its only purpose is to end ppoll(2) */
}

/* One row is left for the cursor. */
static void get_size(unsigned int *rows, unsigned int *columns)
{
	struct winsize size = { .ws_row = 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*rows = size.ws_row > 1 ? size.ws_row - 1u : 23;
	*columns = size.ws_col > 0 ? size.ws_col : 80;
}

/* The length of the character or colour sequence at text, and the columns it takes. */
static size_t step(const char *text, size_t len, unsigned int *columns)
{
	if (text[0] != '\033')
		return text_character(text, len, columns);
	*columns = 0;

	size_t n = strcspn(text, "m");

	return n < len ? n + 1 : len;
}

/* Prints as much of the line as fits into that many columns; returns how many it took. */
static unsigned int put_line(const char *line, size_t len, unsigned int fit, FILE *out)
{
	unsigned int at = 0, columns;

	for (size_t i = 0, n; i < len; i += n, at += columns) {
		n = step(line + i, len - i, &columns);
		if (at + columns > fit) {
			fputs(NO_COLOUR, out);
			break;
		}
		fwrite(line + i, 1, n, out);
	}
	return at;
}

/*
 * Prints as much of the text as fits over the last one. The terminal wraps lines that are
 * too long. A full row is not cleared after its end: that would erase its last character.
 */
static void redraw(const char *text, FILE *out)
{
	unsigned int left, width;

	get_size(&left, &width);
	fputs(HOME, out);
	while (left > 0 && *text) {
		size_t len = strcspn(text, "\n");
		unsigned int at = put_line(text, len, left * width, out);
		unsigned int used = at > width ? (at + width - 1) / width : 1;

		if (at == 0 || at % width != 0)
			fputs(CLEAR_REST_OF_LINE, out);
		fputc('\n', out);
		left -= used < left ? used : left;
		text += len + (text[len] == '\n');
	}
	fputs(CLEAR_BELOW, out);
}

static int draw(const struct facts *facts, const struct renderer *renderer,
		const struct render_style *style, bool first)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return -errno;
	renderer->render(facts, style, memory);

	int rc = fclose(memory) == 0 ? 0 : -errno;

	if (rc == 0) {
		fputs(first ? CLEAR_SCREEN : "", io_out());
		redraw(text, io_out());
	}
	free(text);
	return rc;
}

static int show(const struct facts *facts, const struct renderer *renderer,
		const struct render_style *style, bool first)
{
	int rc = 0;

	if (isatty(STDOUT_FILENO)) {
		rc = draw(facts, renderer, style, first);
	} else {
		fputs(first ? "" : "\n", io_out());
		renderer->render(facts, style, io_out());
	}
	return rc == 0 ? io_flush() : rc;
}

/* Sleeps until it is worth looking again; SIGWINCH is delivered only here. */
static void rest(int fd, int64_t interval, const sigset_t *mask)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec ts;

	if (interval < INTERVAL_MIN_NS)
		interval = INTERVAL_MIN_NS;
	ppoll(&pfd, 1, deadline_timespec(interval, &ts), mask);
}

int status_watch(const struct renderer *renderer, const struct render_style *style,
		 int64_t interval)
{
	static struct facts facts;
	struct sigaction action = { .sa_handler = wake };
	sigset_t resize, before;
	bool was_ready = rng_probe() == 0;
	int rc = 0;
	int fd = device_poll_means_ready() ? device_open(DEVICE_RANDOM) : -1;

	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	sigprocmask(SIG_BLOCK, &resize, &before);
	sigaction(SIGWINCH, &action, NULL);
	sigdelset(&before, SIGWINCH);
	for (bool first = true;; first = false) {
		collect_facts(NULL, COLLECT_FULL, &facts);
		rc = show(&facts, renderer, style, first);

		bool ready = facts_ready(&facts);

		if (rc != 0 || (ready && !was_ready))
			break;
		rest(ready ? -1 : fd, interval, &before);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
