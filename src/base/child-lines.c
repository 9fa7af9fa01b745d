/* SPDX-License-Identifier: MIT */
/* Takes the output of a program line by line, while it runs. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/child.h"
#include "base/deadline.h"
#include "base/program.h"

#define SLICE_NS (50 * NS_PER_MS)

/* What is in the buffer: the beginning of a line whose end has not been read yet. */
struct reader {
	const struct child_reading *reading;
	size_t len;
	bool too_long; /* the rest of the line is skipped */
	int64_t own;   /* CPU time that this process had used at the beginning */
	int64_t used;  /* CPU time of the program when it was last looked at */
	int64_t spent; /* of the patience, without the CPU time of both processes */
};

/* Gives away all whole lines. Returns false where no more are wanted. */
static bool give_lines(struct reader *reader)
{
	const struct child_reading *reading = reader->reading;
	char *at = reading->buf, *end = at + reader->len, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		size_t len = (size_t)(newline - at);

		if (!reader->too_long && !reading->take(at, len, reading->data))
			return false;
		reader->too_long = false;
		at = newline + 1;
	}
	reader->len = (size_t)(end - at);
	memmove(reading->buf, at, reader->len);
	if (reader->len == reading->size) {
		reader->too_long = true;
		reader->len = 0;
	}
	return true;
}

/*
 * Is all patience used up? A program that waits for a CPU, as on a busy machine, costs
 * none.
 */
static bool is_over(const struct reader *reader)
{
	int64_t own = deadline_cpu(0) - reader->own;

	return reader->used >= *reader->reading->patience - own - reader->spent;
}

/* Waits for output, for a moment. Returns as deadline_poll(). */
static int wait_a_moment(const struct program *program, struct reader *reader)
{
	int64_t begin = deadline_now(), used;
	int ready = deadline_poll(program->out, deadline_after(SLICE_NS));

	if (program_is_asleep(program->pid))
		reader->spent += deadline_now() - begin;
	used = deadline_cpu(program->pid);
	/* A step of the work, so that a parent that watches sees no hang. */
	if ((ready > 0 || used != reader->used) && ask_begin("output"))
		ask_end();
	reader->used = used;
	return ready;
}

/*
 * Returns 0 at the end of the output, -ECANCELED where no more lines are wanted, or
 * another -errno.
 */
static int read_lines(const struct program *program, struct reader *reader)
{
	const struct child_reading *reading = reader->reading;

	for (;;) {
		int ready = wait_a_moment(program, reader);
		ssize_t n;

		if (ready < 0)
			return ready;
		if (is_over(reader))
			return -ETIMEDOUT;
		if (ready == 0)
			continue;
		n = read(program->out, reading->buf + reader->len,
			 reading->size - reader->len);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		reader->len += n > 0 ? (size_t)n : 0;
		if (n > 0 && !give_lines(reader))
			return -ECANCELED;
	}
}

int child_lines(const struct child_reading *reading)
{
	struct reader reader = { .reading = reading, .own = deadline_cpu(0) };
	struct program program;
	int rc = program_start(&program, reading->argv, reading->keep);

	if (rc != 0)
		return rc;
	rc = read_lines(&program, &reader);

	int64_t used = deadline_cpu(program.pid);

	*reading->patience -= reader.spent + deadline_cpu(0) - reader.own +
			      (used == DEADLINE_NEVER ? 0 : used);

	bool succeeded = program_end(&program, rc == 0);

	return rc == -ECANCELED ? 0 : rc == 0 && !succeeded ? -ENODATA : rc;
}
