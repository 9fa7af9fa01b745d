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

struct watch {
	const struct renderer *renderer;
	const struct render_style *style;
	int64_t interval; /* nanoseconds */
	bool was_ready;	  /* at the beginning */
};

static void wake(int number)
{
	(void)number; /* its only purpose is to end ppoll(2) */
}

/* One row is left for the cursor. */
static void get_size(unsigned int *rows, unsigned int *columns)
{
	*rows = 24;
	*columns = RENDER_COLUMNS;
	io_screen_size(STDOUT_FILENO, rows, columns);
	*rows -= *rows > 1;
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

/* The rows that so many columns take on a terminal of that width, which wraps lines. */
static unsigned int rows_of(unsigned int columns, unsigned int width)
{
	return columns > width ? (columns + width - 1) / width : 1;
}

static unsigned int columns_of(const char *line, size_t len)
{
	unsigned int at = 0, columns;

	for (size_t i = 0; i < len; at += columns)
		i += step(line + i, len - i, &columns);
	return at;
}

/* How many lines of the text do not fit into that many rows? One row is for saying so. */
static size_t lines_cut(const char *text, unsigned int rows, unsigned int width)
{
	size_t lines = 0, whole = 0;
	unsigned int used = 0;

	for (; *text; lines++) {
		size_t len = strcspn(text, "\n");

		used += rows_of(columns_of(text, len), width);
		whole += used < rows;
		text += len + (text[len] == '\n');
	}
	return used > rows ? lines - whole : 0;
}

/*
 * Prints the text over the last one. A full row is not cleared after its end: that would
 * erase its last character.
 */
static void redraw(const char *text, FILE *out)
{
	unsigned int left, width;
	size_t cut;

	get_size(&left, &width);
	cut = lines_cut(text, left, width);
	fputs(HOME, out);
	for (left -= cut > 0; left > 0 && *text;) {
		size_t len = strcspn(text, "\n");
		unsigned int at = put_line(text, len, left * width, out);
		unsigned int used = rows_of(at, width);

		if (at == 0 || at % width != 0)
			fputs(CLEAR_REST_OF_LINE, out);
		fputc('\n', out);
		left -= used < left ? used : left;
		text += len + (text[len] == '\n');
	}
	if (cut > 0) {
		char text_cut[64];
		int len = snprintf(text_cut, sizeof(text_cut),
				   "%zu more lines do not fit", cut);

		put_line(text_cut, (size_t)len, width, out);
		fputs(CLEAR_REST_OF_LINE "\n", out);
	}
	fputs(CLEAR_BELOW, out);
}

/* "2026-11-29 15:19:48   every 2 s until the RNG is ready" */
static void print_clock(const struct watch *watch, FILE *out)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[64] = "";

	if (localtime_r(&now, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(out, "%s   every %.4g s until %s\n", text,
		(double)watch->interval / NS_PER_S,
		watch->was_ready ? "you press Ctrl-C" : "the RNG is ready");
}

/* The time is for people: other formats are read by programs. */
static void print_report(const struct watch *watch, const struct facts *facts, FILE *out)
{
	struct render_style style = *watch->style;

	io_screen_size(STDOUT_FILENO, NULL, &style.columns);
	if (watch->renderer == &renderers[0])
		print_clock(watch, out);
	watch->renderer->render(facts, &style, out);
}

static int draw(const struct watch *watch, const struct facts *facts, bool first)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return -errno;
	print_report(watch, facts, memory);

	int rc = fclose(memory) == 0 ? 0 : -errno;

	if (rc == 0) {
		fputs(first ? CLEAR_SCREEN : "", io_out());
		redraw(text, io_out());
	}
	free(text);
	return rc;
}

static int show(const struct watch *watch, const struct facts *facts, bool first)
{
	int rc = 0;

	if (isatty(STDOUT_FILENO)) {
		rc = draw(watch, facts, first);
	} else {
		fputs(first ? "" : "\n", io_out());
		print_report(watch, facts, io_out());
	}
	return rc == 0 ? io_flush() : rc;
}

/* Sleeps until it is worth looking again; SIGWINCH is delivered only here. */
static void rest(int fd, int64_t interval, const sigset_t *mask)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec ts;

	ppoll(&pfd, 1, deadline_timespec(interval, &ts), mask);
}

int status_watch(const struct renderer *renderer, const struct render_style *style,
		 int64_t interval)
{
	static struct facts facts;
	struct sigaction action = { .sa_handler = wake };
	sigset_t resize, before;
	const struct watch watch = {
		.renderer = renderer,
		.style = style,
		.interval = interval < INTERVAL_MIN_NS ? INTERVAL_MIN_NS : interval,
		.was_ready = rng_probe() == 0,
	};
	int rc = 0;
	int fd = device_poll_means_ready() ? device_open(DEVICE_RANDOM) : -1;

	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	sigprocmask(SIG_BLOCK, &resize, &before);
	sigaction(SIGWINCH, &action, NULL);
	sigdelset(&before, SIGWINCH);
	for (bool first = true;; first = false) {
		collect_facts(NULL, COLLECT_FULL, &facts);
		rc = show(&watch, &facts, first);

		bool ready = facts_ready(&facts);

		if (rc != 0 || (ready && !watch.was_ready))
			break;
		rest(ready ? -1 : fd, watch.interval, &before);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
