/* SPDX-License-Identifier: MIT */
/* What is on the picture of the boot: phases of the RNG, events and blocked tasks. */
#include "status/render/chart.h"

#include <string.h>

#include "status/render/chart-rows.h"
#include "status/render/verdict.h"

#define USEC_PER_S INT64_C(1000000)

/* An axis that is never shorter shows at a glance that a boot was fast. */
#define END_MIN USEC_PER_S

static bool is_ready_at(const struct facts *facts, int64_t *usec)
{
	*usec = (int64_t)facts->ready_ms.number * 1000;
	return !facts->ready_ms.unknown;
}

/*
 * Until now as long as the RNG is not known to be ready, or tasks are blocked; else until
 * some time after the last event. The uptime is in whole seconds, so an event may be
 * later.
 */
static void choose_end(struct chart *chart, const struct facts *facts)
{
	const struct timeline *timeline = &facts->timeline;
	int64_t last = timeline->count ? timeline->events[timeline->count - 1].usec : 0;
	bool logged = !facts->log_end_usec.unknown;
	int64_t ready, now = logged ? (int64_t)facts->log_end_usec.number
				    : (int64_t)facts->uptime.number * USEC_PER_S;
	bool is_ready = is_ready_at(facts, &ready);

	chart->end_name = logged			 ? "end of log"
			  : facts->verdict_errno.unknown ? "capture"
							 : "now";
	chart->ends_now = (logged || !facts->uptime.unknown) &&
			  (!is_ready || facts->waiters.count > 0);
	if (is_ready && ready > last)
		last = ready;
	chart->end = chart->ends_now && now > last ? now : last;
	if (!chart->ends_now)
		chart->end += chart->end / 8;
	if (chart->end < END_MIN)
		chart->end = END_MIN;
}

static void add_phase(struct chart *chart, enum chart_tone tone, int64_t from,
		      const char *text)
{
	chart->phase[chart->phases++] =
		(struct chart_phase){ .tone = tone, .from = from, .text = text };
}

static void add_phases(struct chart *chart, const struct facts *facts)
{
	bool weak = fact_yes(&facts->weak);
	int64_t ready;

	if (facts_not_ready(facts) || fact_yes(&facts->log_not_ready)) {
		add_phase(chart, CHART_WARN, 0, "not ready");
	} else if (is_ready_at(facts, &ready)) {
		if (ready > 0)
			add_phase(chart, CHART_WARN, 0, "not ready");
		add_phase(chart, weak ? CHART_BAD : CHART_GOOD, ready,
			  weak ? "weakly ready" : "ready");
	} else {
		int64_t unready = verdict_last_unready(facts);

		if (unready > 0)
			add_phase(chart, CHART_WARN, 0, "not ready");
		add_phase(chart, CHART_PLAIN, unready,
			  facts_ready(facts)
				  ? "ready now, but the log does not say since when"
				  : "unknown whether it is ready");
	}
}

/* Leaves out rows of the highest rank, and of these the latest, until max remain. */
static void trim(struct chart *chart, size_t max)
{
	while (chart->count > max) {
		size_t worst = 0;

		for (size_t i = 1; i < chart->count; i++)
			if (chart->row[i].rank >= chart->row[worst].rank)
				worst = i;
		chart->count--;
		chart->left_out++;
		memmove(&chart->row[worst], &chart->row[worst + 1],
			(chart->count - worst) * sizeof(chart->row[0]));
	}
}

bool chart_draw(struct chart *chart, const struct facts *facts, size_t max)
{
	*chart = (struct chart){ .count = 0 };
	choose_end(chart, facts);
	if (facts->timeline.count == 0 && facts->waiters.count == 0 &&
	    !(facts_not_ready(facts) && chart->ends_now))
		return false;
	add_phases(chart, facts);
	chart_add_events(chart, facts);
	chart_add_waiters(chart, facts);
	chart_scale(chart, facts->waiters.count == 0);
	trim(chart, max);
	return true;
}
