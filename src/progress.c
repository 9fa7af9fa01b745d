/* SPDX-License-Identifier: MIT */
/* The line that shows how far crng bytes is. It looks at the clock once a block. */
#include "progress.h"

#include <stdio.h>

#include "base/deadline.h"
#include "base/message.h"
#include "base/number.h"
#include "base/statusline.h"

bool progress_start(struct progress *progress, enum progress_wish wish, uint64_t units)
{
	bool terminal = statusline_possible();
	int64_t interval = terminal ? NS_PER_S / 10 : NS_PER_S;
	int64_t now = deadline_now();

	*progress = (struct progress){
		.units = units,
		.start = now,
		.next = now +
			(wish == PROGRESS_ALWAYS ? interval : STATUSLINE_PATIENCE_NS),
		.interval = interval,
		.terminal = terminal,
		.wanted = wish == PROGRESS_ALWAYS,
	};
	return wish == PROGRESS_ALWAYS || (wish == PROGRESS_PATIENT && terminal);
}

/* "1.2 GiB", to three digits or so. */
static const char *size_text(char *text, size_t size, double bytes)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"
	};
	size_t unit = 0;

	for (; bytes >= 1000 && unit < sizeof(units) / sizeof(units[0]) - 1; unit++)
		bytes /= 1024;
	snprintf(text, size, "%.*f %s", unit > 0 && bytes < 100, bytes, units[unit]);
	return text;
}

/* "0:01:40" */
static const char *clock_text(char *text, size_t size, double seconds)
{
	uint64_t whole = (uint64_t)seconds;

	snprintf(text, size, "%llu:%02u:%02u", (unsigned long long)(whole / 3600),
		 (unsigned int)(whole / 60 % 60), (unsigned int)(whole % 60));
	return text;
}

static void describe(const struct progress *p, uint64_t done, double seconds, char *text,
		     size_t size)
{
	double speed = (double)done / seconds;
	char sofar[16], all[16], rate[16], clock[32];

	size_text(sofar, sizeof(sofar), (double)done);
	size_text(rate, sizeof(rate), speed);
	if (p->units == SIZE_INFINITY) {
		snprintf(text, size, "%s, %s/s", sofar, rate);
		return;
	}
	size_text(all, sizeof(all), (double)p->units);
	clock_text(clock, sizeof(clock),
		   done < p->units ? (double)(p->units - done) / speed : seconds);
	snprintf(text, size, "%s of %s, %.0f%%, %s/s, %s %s", sofar, all,
		 100 * (double)done / (double)p->units, rate,
		 done < p->units ? "ETA" : "in", clock);
}

static double seconds_since_start(const struct progress *p, int64_t now)
{
	return (double)(now - p->start) / (double)NS_PER_S;
}

void progress_update(void *progress, uint64_t units)
{
	struct progress *p = progress;
	int64_t now = deadline_now();
	char text[120];

	if (now < p->next || units == 0)
		return;
	p->next = now + p->interval;
	describe(p, units, seconds_since_start(p, now), text, sizeof(text));
	if (p->terminal)
		statusline_show(text);
	else if (message_has_room())
		message("%s", text);
}

void progress_end(const struct progress *p)
{
	char text[120];

	statusline_end();
	if (p->terminal || !p->wanted || p->units == 0 || !message_has_room())
		return;
	describe(p, p->units, seconds_since_start(p, deadline_now()), text, sizeof(text));
	message("%s", text);
}
