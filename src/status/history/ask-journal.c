/* SPDX-License-Identifier: MIT */
/*
 * journalctl(1) reads the files: their format is systemd's own. It inherits them open, so
 * that it reads what crng has chosen. All matches are indexed.
 */
#include "status/history/ask-journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/ask.h"
#include "base/child.h"

enum {
	LINE_MAX_BYTES = 1 << 16, /* journalctl leaves out fields of more than 4 KiB */
	WORDS_MAX = FILES_MAX + 48,
	NAME_MAX_BYTES = 40,
};

#define FIELDS                                                                  \
	"--output-fields=_BOOT_ID,_TRANSPORT,PRIORITY,SYSLOG_FACILITY,MESSAGE," \
	"MESSAGE_ID,_SOURCE_MONOTONIC_TIMESTAMP,_SYSTEMD_UNIT"
#define JOURNALD_STARTED "MESSAGE_ID=f77379a8490b408bbe5f6940505a777b"
#define KERNEL_MISSED "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606"
#define JOURNALD_STOPPED "MESSAGE_ID=d93fb3c9c24d451a97cea615ce59c00b"

struct words {
	size_t count;
	const char *word[WORDS_MAX];
	char file[FILES_MAX][NAME_MAX_BYTES];
	char boot[NAME_MAX_BYTES + 16];
};

static void add(struct words *words, const char *word)
{
	if (words->count < WORDS_MAX - 1)
		words->word[words->count++] = word;
	words->word[words->count] = NULL;
}

/* Matches on one field are alternatives, different fields an "and", "+" is an "or". */
static void add_matches(struct words *words, bool one_boot)
{
	static const char *const matches[] = {
		"_TRANSPORT=kernel",
		"PRIORITY=0",
		"PRIORITY=1",
		"PRIORITY=2",
		"PRIORITY=3",
		"PRIORITY=4",
		"PRIORITY=5",
		NULL,
		JOURNALD_STARTED,
		JOURNALD_STOPPED,
		KERNEL_MISSED,
		NULL,
		"_SYSTEMD_UNIT=crng-seed.service",
	};

	if (one_boot)
		add(words, words->boot);
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		add(words, matches[i] ? matches[i] : "+");
		if (!matches[i] && one_boot)
			add(words, words->boot);
	}
}

static void compose(struct words *words, const struct files *files,
		    const struct question *question)
{
	words->count = 0;
	add(words, "journalctl");
	add(words, "--quiet");
	add(words, "--no-pager");
	add(words, "--output=json");
	add(words, FIELDS);
	if (question->newest_first)
		add(words, "--reverse");
	if (question->one_only)
		add(words, "--lines=1");
	for (size_t i = 0; i < files->count; i++) {
		snprintf(words->file[i], NAME_MAX_BYTES, "--file=/proc/self/fd/%d",
			 files->fd[i]);
		add(words, words->file[i]);
	}
	if (question->boot_id)
		snprintf(words->boot, sizeof(words->boot), "_BOOT_ID=%s",
			 question->boot_id);
	if (question->one_only)
		add(words, words->boot);
	else
		add_matches(words, question->boot_id != NULL);
}

bool question_give(const struct question *question, const char *line, size_t len)
{
	static struct timeline_entry entry;

	if (timeline_parse_entry(line, len, &entry) != 0 ||
	    (question->boot_id && strcmp(question->boot_id, entry.boot_id) != 0))
		return true;
	return question->take(&entry, question->data);
}

static bool take_line(const char *line, size_t len, void *data)
{
	return question_give(data, line, len);
}

int ask_journal(const struct files *files, const struct question *question,
		int64_t *patience)
{
	static struct words words;
	static char line[LINE_MAX_BYTES];
	struct question copy = *question;
	const struct child_reading reading = {
		.argv = words.word,
		.keep = files->fd,
		.patience = patience,
		.buf = line,
		.size = sizeof(line),
		.take = take_line,
		.data = &copy,
	};

	if (!ask_begin("the journal"))
		return -ETIMEDOUT;
	compose(&words, files, question);

	int rc = child_lines(&reading);

	ask_end();
	return rc;
}
