/* SPDX-License-Identifier: MIT */
/* Reads the journal: the list of boots first, then what is missing from it. */
#include "status/history/read-journal.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/root.h"
#include "base/text.h"
#include "status/history/boots.h"
#include "status/history/source.h"

enum { ENDS_MAX = 32 }; /* boots whose last entry is asked for */

/* How many of the newest boots must be known; SIZE_MAX: all. */
static size_t needed(const struct work *work)
{
	const struct history_wanted *wanted = work->wanted;
	int64_t place = 0;

	if (!wanted)
		return work->max;
	if (wanted->from_oldest)
		return SIZE_MAX;
	if (wanted->id[0]) {
		int64_t count = (int64_t)work->history.count;

		while (place < count &&
		       strcmp(work->history.boot[place].id, wanted->id) != 0)
			place++;
		if (place == count)
			return SIZE_MAX;
	}
	return (size_t)(wanted->offset < 0 ? place - wanted->offset : place) + 1;
}

/*
 * Have the boots been read in full? Their beginnings have been seen, or two other boots:
 * after a step of the clock, the entries of two boots may be mixed.
 */
static bool is_enough(const struct work *work)
{
	const struct history *history = &work->history;

	if (history->count != work->needed + 1)
		return history->count > work->needed;
	for (size_t i = 0; i < work->needed; i++)
		if (!history->boot[i].begins)
			return false;
	return true;
}

static bool take(const struct timeline_entry *entry, void *data)
{
	struct work *work = data;
	size_t before = work->history.count;

	if (!boots_take(&work->history, entry)) {
		work->history.older_unknown = "only the newest 1000 boots are looked at";
		return false;
	}
	if (work->history.count > before)
		work->needed = needed(work);
	work->stopped = is_enough(work);
	return !work->stopped;
}

/* Forgets what has been read of boots that are not wanted. */
static void cut(struct work *work)
{
	size_t most = work->stopped ? work->needed : HISTORY_MAX;

	if (work->history.count > most)
		work->history.count = most;
}

static void reset(void *data)
{
	((struct work *)data)->history.count = 0;
}

static const char *why_incomplete(int rc)
{
	return rc == -ETIMEDOUT ? "journalctl did not finish in time"
	       : rc == -ENOENT	? "there is no journalctl to read the journal with"
				: text_error(-rc);
}

/* A list in the order of discovery: the last boot may not have been read in full. */
static void doubt(struct history *history, int rc)
{
	for (size_t i = 0; history->gaps && i < history->count; i++)
		history->boot[i].doubt = history->gaps;
	if (history->count > 0 && rc != 0 && rc != -ENODATA)
		history->boot[history->count - 1].doubt =
			"its log was not read to its beginning";
}

/* Says what is missing from the list, where that is known. */
static void tell_missing(struct work *work, const struct source *source, int rc)
{
	struct history *history = &work->history;

	if (rc != 0 && rc != -ENODATA)
		history->older_unknown = why_incomplete(rc);
	else if (!work->stopped && source->cut)
		history->older_unknown = "they were not captured";
	else if (!work->stopped && source->files.more)
		history->older_unknown = "there are too many journal files";
	history->gaps = source->files.damaged ? "some journal files are damaged"
			: source->files.denied
				? "no permission to read some journal files"
			: source->files.unread ? "some journal files could not be opened"
			: rc == -ENODATA ? "journalctl could not read all journal files"
			: history->count == 0 && source->files.entries
				? "the entries of the journal tell of no boot"
				: NULL;
	doubt(history, rc);
}

static void mark_running(int root, struct history *history)
{
	struct history_wanted now;
	char text[64];

	if (root_read(root, "/proc/sys/kernel/random/boot_id", text, sizeof(text)) < 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	if (history_parse(text, &now) != 0 || !now.id[0])
		return;
	for (size_t i = 0; i < history->count; i++)
		history->boot[i].running = strcmp(history->boot[i].id, now.id) == 0;
}

static bool take_last(const struct timeline_entry *entry, void *data)
{
	struct history_boot *boot = data;

	if (entry->arrival > boot->last)
		boot->last = entry->arrival;
	boot->ends = true;
	return false;
}

/*
 * Entries that do not concern the RNG were left out, but the log of a boot may end with
 * them. Returns whether it had to be asked for.
 */
static bool find_end(struct source *source, struct history_boot *boot)
{
	const struct question question = {
		.boot_id = boot->id,
		.newest_first = true,
		.one_only = true,
		.take = take_last,
		.data = boot,
	};

	if (!history_not_ready(boot))
		return false;
	source_ask(source, &question, NULL);
	return true;
}

static void find_ends(struct source *source, struct history *history)
{
	size_t asked = 0;

	for (size_t i = history->count; i-- > 0 && asked < ENDS_MAX;)
		asked += find_end(source, &history->boot[i]);
}

static bool take_log(const struct timeline_entry *entry, void *data)
{
	static const char version[] = "Linux version ",
			  cmdline[] = "Kernel command line: ";
	struct history_log *log = data;

	timeline_add_entry(&log->timeline, entry);
	if (!entry->kernel || entry->forged)
		return true;
	if (!log->version[0] && strncmp(entry->text, version, strlen(version)) == 0)
		strcpy(log->version, entry->text + strlen(version));
	if (!log->has_cmdline && strncmp(entry->text, cmdline, strlen(cmdline)) == 0) {
		strcpy(log->cmdline, entry->text + strlen(cmdline));
		log->has_cmdline = true;
		log->cmdline_cut = strlen(entry->text) == sizeof(entry->text) - 1;
	}
	return true;
}

static void reset_log(void *data)
{
	struct history_log *log = data;

	timeline_begin_journal(&log->timeline);
	log->version[0] = '\0';
	log->has_cmdline = false;
}

static void read_log(struct work *work, struct source *source)
{
	struct question question = {
		.boot_id = work->history.boot[work->found].id,
		.take = take_log,
		.data = &work->log,
	};

	reset_log(&work->log);

	int rc = source_ask(source, &question, reset_log);

	if (rc != 0 && rc != -ENODATA)
		work->log.timeline.unknown = why_incomplete(rc);
}

static void read_wanted(struct work *work, struct source *source)
{
	work->found = boots_find(&work->history, work->wanted);
	if (work->found < 0)
		return;
	find_end(source, &work->history.boot[work->found]);
	read_log(work, source);
}

const char *read_journal(struct work *work, int root, bool *absent)
{
	static struct source source;
	struct question question = { .newest_first = true, .take = take, .data = work };
	const char *why;

	source.patience = JOURNAL_NS;
	why = source_open(root, &source);
	*absent = source.absent;
	if (!why) {
		tell_missing(work, &source, source_ask(&source, &question, reset));
		cut(work);
		boots_finish(&work->history);
		mark_running(root, &work->history);
		if (work->wanted)
			read_wanted(work, &source);
		else
			find_ends(&source, &work->history);
	}
	source_close(&source);
	return why;
}
