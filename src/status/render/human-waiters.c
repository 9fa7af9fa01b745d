/* SPDX-License-Identifier: MIT */
/* The tasks that are blocked on the RNG, for people: a table. */
#include <inttypes.h>

#include "status/render/chart.h"
#include "status/render/human.h"

/* The columns of the table; the last two share what a wider terminal has more. */
enum { PID = 9, SPAN = 15, CALL = 17, UNIT_MIN = 19, GAP = 1 };

struct columns {
	unsigned int unit, program;
};

static const char *call_text(enum waiter_call call)
{
	static const char *const texts[] = {
		[WAITER_GETRANDOM] = "getrandom()",
		[WAITER_READ] = "read(/dev/random)",
		[WAITER_POLL] = "poll(/dev/random)",
		[WAITER_WCHAN] = "in the RNG",
	};

	return texts[call];
}

static struct columns share(const struct layout *layout)
{
	unsigned int left = layout->style->columns - LAYOUT_INDENT - PID - SPAN - CALL -
			    4 * GAP;
	unsigned int unit = left * 3 / 5;

	return (struct columns){ .unit = unit, .program = left - unit };
}

static void print_cells(const struct layout *layout, const char *pid, const char *span,
			const char *call, const char *unit, const char *program)
{
	const struct columns columns = share(layout);

	fprintf(layout->out, "%*s%*s ", LAYOUT_INDENT, "", PID, pid);
	layout_cell(layout, span, SPAN);
	fputc(' ', layout->out);
	layout_cell(layout, call, CALL);
	fputc(' ', layout->out);
	layout_cell(layout, unit, columns.unit);
	fputc(' ', layout->out);
	layout_cut(layout, program, columns.program);
	fputc('\n', layout->out);
}

static void print_waiter(const struct layout *layout, const struct waiter *waiter)
{
	bool path = layout->style->verbose && waiter->exe[0];
	char pid[32], span[32];

	snprintf(pid, sizeof(pid), "%d", (int)waiter->pid);
	if (waiter->tid != waiter->pid)
		snprintf(pid, sizeof(pid), "%d/%d", (int)waiter->pid, (int)waiter->tid);
	chart_span(waiter, span, sizeof(span));
	print_cells(layout, pid, span, call_text(waiter->call),
		    waiter->unit[0] ? waiter->unit : "-",
		    path	      ? waiter->exe
		    : waiter->comm[0] ? waiter->comm
				      : "?");
}

/*
 * Waiting for readiness differs from waiting for the blocking pool of kernels before 5.6.
 */
static void print_title(const struct layout *layout, const struct waiters *waiters)
{
	size_t pooled = waiters_pooled(waiters);
	const char *tasks = waiters->total == 1 ? "task" : "tasks";
	char title[128];

	if (waiters->ready || (pooled > 0 && pooled == waiters->count))
		snprintf(
			title, sizeof(title),
			"%zu blocked %s, waiting for the blocking pool, not for readiness",
			waiters->total, tasks);
	else if (pooled > 0)
		snprintf(title, sizeof(title),
			 "%zu blocked %s, %zu of them waiting for the blocking pool",
			 waiters->total, tasks, pooled);
	else
		snprintf(title, sizeof(title), "%zu blocked %s", waiters->total, tasks);
	layout_section(layout, title);
}

static void print_limits(const struct layout *layout, const struct waiters *waiters)
{
	if (waiters->hidden > 0)
		layout_note(layout, "Tasks that could not be examined: %" PRIu64 ".",
			    waiters->hidden);
	if (waiters->running > 0 && !waiters->ready)
		layout_note(layout,
			    "Running tasks, which may be waiting and gathering entropy: "
			    "%" PRIu64 ".",
			    waiters->running);
	if (waiters->confined)
		layout_note(layout, "Tasks outside this PID namespace are not visible.");
	if (waiters->skipped > 0)
		layout_note(layout,
			    "Processes not examined, for lack of time: %" PRIu64 ".",
			    waiters->skipped);
}

void human_waiters(const struct layout *layout, const struct facts *facts, size_t max)
{
	const struct waiters *waiters = &facts->waiters;
	size_t shown = waiters->count < max ? waiters->count : max;

	if (waiters->unknown || !waiters->scanned)
		return;
	if (waiters->total > 0) {
		print_title(layout, waiters);
		layout_paint(layout, PAINT_DIM);
		print_cells(layout, "PID", "BLOCKED FOR", "CALL", "UNIT OR CONTAINER",
			    "PROGRAM");
		layout_paint(layout, PAINT_NONE);
	}
	for (size_t i = 0; i < shown; i++)
		print_waiter(layout, &waiters->list[i]);
	if (waiters->total > shown)
		layout_note(layout, "and %zu more%s", waiters->total - shown,
			    waiters->count > shown ? ": crng status -v"
						   : " that are not listed");
	/* Where the RNG is ready and nothing is blocked, the verdict says enough. */
	if (layout->style->verbose ||
	    (!layout->terse && (!waiters->ready || waiters->total > 0)))
		print_limits(layout, waiters);
}
