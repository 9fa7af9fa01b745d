/* SPDX-License-Identifier: MIT */
/* A boot that hangs in silence is what crng is there to explain. */
#include "notice.h"

#include <stdio.h>

#include "base/deadline.h"
#include "base/message.h"
#include "base/patience.h"
#include "base/statusline.h"
#include "expiry.h"

static int64_t draw_line(void *data)
{
	const struct notice *notice = data;
	int64_t passed = deadline_now() - notice->start;
	char why[512], line[600];

	if (passed >= STATUSLINE_PATIENCE_NS) {
		expiry_reason(why, sizeof(why));
		snprintf(line, sizeof(line), "%.0f s: %s",
			 (double)passed / (double)NS_PER_S, why);
		statusline_show(line);
	}
	return deadline_after(NS_PER_S);
}

/* "10 s", "5 min", "1 h 20 min" */
static const char *duration_text(char *text, size_t size, int64_t ns)
{
	unsigned int seconds = (unsigned int)(ns / NS_PER_S), minutes = seconds / 60;

	if (seconds < 60)
		snprintf(text, size, "%u s", seconds);
	else if (minutes < 60)
		snprintf(text, size, "%u min", minutes);
	else
		snprintf(text, size, "%u h %u min", minutes / 60, minutes % 60);
	return text;
}

/* The wait must not end late because nobody reads standard error. */
static int64_t write_message(void *data)
{
	struct notice *notice = data;
	int64_t passed = deadline_now() - notice->start;
	char why[512], time[32];

	if (message_has_room()) {
		expiry_reason(why, sizeof(why));
		message("still waiting for the kernel RNG after %s: %s%s",
			duration_text(time, sizeof(time), passed), why,
			notice->hinted ? "" : "; run 'crng status' to see why");
		notice->hinted = true;
	}
	return notice->start + patience_next(passed);
}

void notice_begin(struct notice *notice, struct wait_request *request)
{
	bool terminal = statusline_possible();

	*notice = (struct notice){ .start = deadline_now() };
	request->notice = terminal ? draw_line : write_message;
	request->notice_at = notice->start +
			     (terminal ? STATUSLINE_PATIENCE_NS : patience_next(0));
	request->data = notice;
}

void notice_end(void)
{
	statusline_end();
}
