/* SPDX-License-Identifier: MIT */
/*
 * The rows of the picture. Early reads of one program share a row, because a boot may
 * have dozens of them; everything else has a row of its own.
 */
#include "status/render/chart-rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PROGRAM_MAX = 64 };

/* What is said of a kind of event, after its time and, if there is one, its program. */
static const struct kind {
	const char *text, *brief; /* where room is short; NULL: the same */
	enum chart_tone tone;
	unsigned int rank;
	bool shared; /* one row for all events of the same program */
} kinds[TIMELINE_KINDS] = {
	[TIMELINE_URANDOM_EARLY] = { "read /dev/urandom too early", "read too early",
				     CHART_BAD, 2, true },
	[TIMELINE_KERNEL_EARLY] = { "the kernel itself used bytes too early", NULL,
				    CHART_PLAIN, 5, true },
	[TIMELINE_SUPPRESSED] = { "more early reads", NULL, CHART_BAD, 4, false },
	[TIMELINE_FAST_INIT] = { "fast init done (partly seeded)", "fast init done",
				 CHART_PLAIN, 3, false },
	[TIMELINE_READY] = { "ready", NULL, CHART_GOOD, 0, false },
	[TIMELINE_READY_TRUSTED] = { "ready, seeded by the CPU", NULL, CHART_GOOD, 0,
				     false },
	[TIMELINE_POOL_READY] = { "ready", NULL, CHART_GOOD, 0, false },
	[TIMELINE_RESEED_RESUME] = { "reseeded after a suspend", NULL, CHART_PLAIN, 3,
				     false },
	[TIMELINE_RESEED_VM_FORK] = { "reseeded: the machine was cloned", NULL,
				      CHART_PLAIN, 3, false },
	[TIMELINE_NO_CYCLE_COUNTER] = { "no cycle counter, so no entropy from timing jitter",
					NULL, CHART_WARN, 1, false },
	[TIMELINE_CPU_UNRELIABLE] = { "the CPU's RNG instruction failed its test", NULL,
				      CHART_WARN, 1, false },
	[TIMELINE_RDSEED_UNRELIABLE] = { "RDSEED is broken on this CPU, so it is not used",
					 "RDSEED is broken", CHART_WARN, 1, true },
	[TIMELINE_HWRNG_NO_DATA] = { "the hardware generator gave no data", NULL,
				     CHART_WARN, 1, false },
	[TIMELINE_EFI_SEED] = { "the EFI firmware passed a seed", NULL, CHART_PLAIN, 3,
				false },
};

/* What has been read from the log about one row. */
struct story {
	const struct timeline_event *first, *last;
	size_t times;
	uint64_t bytes; /* 0: not logged for all of them */
};

/* What fast init means for getrandom(), if that is known. */
static const char *fast_init_means(const struct facts *facts)
{
	const struct fact_flag *enough = &facts->fast_init_enough;

	return fact_yes(enough)	 ? ", getrandom() no longer waits"
	       : fact_no(enough) ? ", not ready yet"
				 : "";
}

/* Kernel symbols carry an offset that means nothing to people. */
static void name_program(const struct timeline_event *event, char name[PROGRAM_MAX])
{
	size_t len = event->kind == TIMELINE_KERNEL_EARLY ? strcspn(event->who, "+")
							  : strlen(event->who);

	snprintf(name, PROGRAM_MAX, "%.*s", (int)len, event->who);
}

static void say_when(const struct story *story, char *text, size_t size)
{
	char first[32], last[32];

	chart_time(story->first->usec, first, sizeof(first));
	chart_time(story->last->usec, last, sizeof(last));
	if (strcmp(first, last) == 0)
		snprintf(text, size, "%s", first);
	else
		snprintf(text, size, "%s %s %s", first, story->times == 2 ? "and" : "to",
			 last);
}

static void say_details(const struct facts *facts, const struct story *story, char *text,
			size_t size)
{
	const struct timeline_event *event = story->first;
	char times[32] = "";

	text[0] = '\0';
	if (story->times > 1)
		snprintf(times, sizeof(times), ", %zu times", story->times);
	if (event->kind == TIMELINE_FAST_INIT)
		snprintf(text, size, "%s", fast_init_means(facts));
	else if (event->kind == TIMELINE_KERNEL_EARLY)
		snprintf(text, size, "%s", times);
	else if (event->kind == TIMELINE_URANDOM_EARLY && story->bytes > 0)
		snprintf(text, size, "%s, %" PRIu64 " bytes", times, story->bytes);
	else if (event->kind == TIMELINE_URANDOM_EARLY)
		snprintf(text, size, "%s", times);
}

/* The text with the details, or a brief one. */
static void say(const struct story *story, const char *details, bool brief,
		char text[CHART_TEXT_MAX])
{
	const struct timeline_event *event = story->first;
	const struct kind *kind = &kinds[event->kind];
	const char *what = brief && kind->brief ? kind->brief : kind->text;
	char when[80], name[PROGRAM_MAX];

	say_when(story, when, sizeof(when));
	name_program(event, name);
	if (event->kind == TIMELINE_SUPPRESSED)
		snprintf(text, CHART_TEXT_MAX, "by %s: %" PRIu64 " more early read%s",
			 when, event->missed, event->missed == 1 ? "" : "s");
	else if (event->kind == TIMELINE_KERNEL_EARLY && name[0])
		snprintf(text, CHART_TEXT_MAX, "%s: %s%s (%s)", when, what, details,
			 name);
	else
		snprintf(text, CHART_TEXT_MAX, "%s: %s%s%s%s", when, name,
			 name[0] ? " " : "", what, details);
}

/* Does the event go into the row that the other one has begun? */
static bool shares_row(const struct timeline_event *one,
		       const struct timeline_event *other)
{
	return one->kind == other->kind && kinds[one->kind].shared &&
	       (one->kind == TIMELINE_KERNEL_EARLY || strcmp(one->who, other->who) == 0);
}

static void add_mark(struct chart_row *row, struct story *story,
		     const struct timeline_event *event)
{
	/* The last mark is where the last event is. */
	if (row->marks < CHART_MARKS_MAX)
		row->marks++;
	row->at[row->marks - 1] = event->usec;
	story->bytes = event->bytes && (story->bytes || story->times == 0)
			       ? story->bytes + event->bytes
			       : 0;
	story->last = event;
	story->times++;
}

static bool is_in_earlier_row(const struct timeline *timeline, size_t i)
{
	for (size_t k = 0; kinds[timeline->events[i].kind].shared && k < i; k++)
		if (shares_row(&timeline->events[k], &timeline->events[i]))
			return true;
	return false;
}

static void add_event(struct chart *chart, const struct facts *facts, size_t i)
{
	const struct timeline *timeline = &facts->timeline;
	const struct timeline_event *event = &timeline->events[i];
	struct chart_row *row = &chart->row[chart->count];
	struct story story = { .first = event, .times = 0 };
	char details[96];

	*row = (struct chart_row){
		.tone = kinds[event->kind].tone,
		.rank = kinds[event->kind].rank,
	};
	add_mark(row, &story, event);
	for (size_t k = i + 1; k < timeline->count; k++)
		if (shares_row(event, &timeline->events[k]))
			add_mark(row, &story, &timeline->events[k]);
	if (event->kind == TIMELINE_FAST_INIT && fact_yes(&facts->fast_init_enough))
		row->rank = 1;
	say_details(facts, &story, details, sizeof(details));
	say(&story, details, false, row->text);
	say(&story, event->kind == TIMELINE_FAST_INIT ? details : "", true, row->brief);
	chart->count++;
}

void chart_add_events(struct chart *chart, const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	const struct timeline_event *ready = timeline_ready(timeline);

	for (size_t i = 0; i < timeline->count; i++) {
		bool room = chart->count < CHART_ROWS_MAX - 1 ||
			    (&timeline->events[i] == ready &&
			     chart->count < CHART_ROWS_MAX);

		if (is_in_earlier_row(timeline, i))
			continue;
		if (room)
			add_event(chart, facts, i);
		else
			chart->left_out++;
	}
}

/* The tasks of one program, of which a boot that hangs may block many, share a bar. */
static void add_bar(struct chart *chart, const struct waiters *waiters, size_t first)
{
	const struct waiter *longest = &waiters->list[first];
	const char *program = longest->comm[0] ? longest->comm : "?";
	struct chart_row *row = &chart->row[chart->count++];
	char span[32], many[32] = "";
	size_t tasks = 0;

	for (size_t i = first; i < waiters->count; i++) {
		if (strcmp(waiters->list[i].comm, longest->comm) != 0)
			continue;
		tasks++;
		if (waiters->list[i].waited_ns > longest->waited_ns)
			longest = &waiters->list[i];
	}

	int64_t since = chart->end - longest->waited_ns / 1000;

	*row = (struct chart_row){
		.tone = CHART_WARN,
		.rank = 1,
		.bar = true,
		.open = !waiter_since_is_known(longest),
		.marks = 1,
		.at = { since > 0 ? since : 0 },
	};
	chart_span(longest, span, sizeof(span));
	if (tasks > 1)
		snprintf(many, sizeof(many), " (%zu tasks)", tasks);
	snprintf(row->text, sizeof(row->text), "%s%s blocked for %s", program, many,
		 span);
	memcpy(row->brief, row->text, sizeof(row->brief));
}

static bool is_in_earlier_bar(const struct waiters *waiters, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(waiters->list[k].comm, waiters->list[i].comm) == 0)
			return true;
	return false;
}

void chart_add_waiters(struct chart *chart, const struct facts *facts)
{
	const struct waiters *waiters = &facts->waiters;

	for (size_t i = 0; chart->ends_now && i < waiters->count; i++) {
		if (is_in_earlier_bar(waiters, i))
			continue;
		if (chart->count < CHART_ROWS_MAX)
			add_bar(chart, waiters, i);
		else
			chart->left_out++;
	}
}
