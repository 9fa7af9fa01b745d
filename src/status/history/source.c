/* SPDX-License-Identifier: MIT */
/* Takes the entries from where they are, in the order that is wanted. */
#include "status/history/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/root.h"
#include "base/text.h"

#define CAPTURED "/crng-capture/journal"
#define CAPTURE_CUT "# older entries were left out\n"

enum {
	CAPTURE_MAX = 16 << 20, /* bytes; crng-capture takes less */
	BATCH = 128,		/* files that journalctl gets at once */
};

static const char *open_capture(int root, struct source *source)
{
	source->captured = malloc(CAPTURE_MAX);
	if (!source->captured)
		return text_error(ENOMEM);

	long len = root_read(root, CAPTURED, source->captured, CAPTURE_MAX);

	if (len < 0)
		return text_error((int)-len);
	source->len = (size_t)len;
	source->cut = len == CAPTURE_MAX - 1 ||
		      strncmp(source->captured, CAPTURE_CUT, strlen(CAPTURE_CUT)) == 0;
	return NULL;
}

const char *source_open(int root, struct source *source)
{
	source->captured = NULL;
	source->cut = source->absent = false;
	source->files.count = 0;
	if (root != ROOT_LIVE && root_exists(root, CAPTURED) > 0)
		return open_capture(root, source);

	const char *why = files_open(root, &source->files);

	if (!source->files.absent || root == ROOT_LIVE)
		source->absent = source->files.absent;
	else if (root_exists(root, "/crng-capture") == 0)
		source->absent = true;
	else
		why = "the captured tree has no journal";
	return why;
}

void source_close(struct source *source)
{
	free(source->captured);
	source->captured = NULL;
	files_close(&source->files);
}

static void read_forwards(const struct source *source, const struct question *question)
{
	const char *at = source->captured, *end = at + source->len;
	bool more = true;

	while (more && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		more = question_give(question, at, (size_t)(stop - at));
		at = stop + 1;
	}
}

static void read_backwards(const struct source *source, const struct question *question)
{
	const char *begin = source->captured, *end = begin + source->len;
	bool more = true;

	while (more && end > begin) {
		const char *newline = memrchr(begin, '\n', (size_t)(end - begin));
		const char *at = newline ? newline + 1 : begin;

		more = question_give(question, at, (size_t)(end - at));
		end = newline ? newline : begin;
	}
}

/* Passes entries on, and remembers whether more are wanted. */
struct relay {
	const struct question *question;
	bool stopped;
};

static bool relay(const struct timeline_entry *entry, void *data)
{
	struct relay *relay = data;

	relay->stopped = !relay->question->take(entry, relay->question->data);
	return !relay->stopped;
}

/*
 * Asks so many files at a time. They are in the order of their last entries, the newest
 * first.
 */
static int ask_files(struct source *source, const struct question *question, size_t most)
{
	static struct files batch;
	struct relay state = { .question = question };
	struct question copy = *question;
	size_t count = source->files.count, batches = (count + most - 1) / most;
	int result = 0;

	copy.take = relay;
	copy.data = &state;
	for (size_t i = 0; i < batches && !state.stopped; i++) {
		size_t at = most * (question->newest_first ? i : batches - 1 - i);

		batch.count = count - at < most ? count - at : most;
		memcpy(batch.fd, source->files.fd + at, batch.count * sizeof(*batch.fd));
		batch.fd[batch.count] = -1;

		int rc = ask_journal(&batch, &copy, &source->patience);

		if (rc != 0 && rc != -ENODATA)
			return rc;
		result = rc != 0 ? rc : result;
	}
	return result;
}

static int ask_capture(const struct source *source, const struct question *question)
{
	if (question->one_only)
		return -ENODATA;
	if (question->newest_first)
		read_backwards(source, question);
	else
		read_forwards(source, question);
	return 0;
}

int source_ask(struct source *source, const struct question *question,
	       void (*reset)(void *data))
{
	if (source->captured)
		return ask_capture(source, question);

	int rc = ask_files(source, question, BATCH);

	if (rc != -ENODATA || !reset)
		return rc;
	reset(question->data);
	return ask_files(source, question, 1);
}
