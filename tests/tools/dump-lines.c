/* SPDX-License-Identifier: MIT */
/* Prints what the pure parsers return for a line. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "status/timeline/kmsg.h"
#include "status/waiters/abi.h"
#include "status/waiters/proc-parse.h"

static void print_record(int rc, const struct kmsg_record *record)
{
	struct timeline_event event = { .usec = record->usec };

	if (rc != 0) {
		puts("no record");
	} else if (timeline_parse_text(record->text, record->len, &event)) {
		event.usec = record->usec;
		printf("facility=%u ", record->facility);
		dump_event(&event);
	} else {
		printf("facility=%u no event\n", record->facility);
	}
}

static void parse_kmsg(const char *line, size_t len)
{
	struct kmsg_record record = { .usec = 0 };

	print_record(kmsg_parse_record(line, len, &record), &record);
}

static void parse_dmesg(const char *line, size_t len)
{
	struct kmsg_record record = { .usec = 0 };

	print_record(kmsg_parse_dmesg(line, len, &record), &record);
}

static void parse_journal(const char *line, size_t len)
{
	struct kmsg_record record = { .usec = 0 };

	print_record(kmsg_parse_journal(line, len, &record), &record);
}

/* Each line stands for a whole file, and "|" for its newlines. */
static void parse_cgroup(const char *line, size_t len)
{
	char text[4096], unit[128];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	for (char *at = text; (at = strchr(at, '|'));)
		*at = '\n';
	proc_parse_cgroup(text, strlen(text), unit, sizeof(unit));
	printf("unit=%s\n", unit);
}

static void parse_stat(const char *line, size_t len)
{
	struct proc_stat stat;

	if (proc_parse_stat(line, len, &stat) == 0)
		printf("state=%c kernel=%d start=%" PRIu64 "\n", stat.state, stat.kernel,
		       stat.start);
	else
		puts("no stat");
}

static void parse_syscall(const char *line, size_t len)
{
	struct proc_syscall call;
	int rc = proc_parse_syscall(line, len, &call);

	if (rc == 0)
		printf("number=%ld args=%" PRIx64 ",%" PRIx64 ",%" PRIx64 "\n",
		       call.number, call.args[0], call.args[1], call.args[2]);
	else
		puts(rc == -EBUSY ? "running" : rc == -ENOENT ? "no call" : "no syscall");
}

static void parse_wchan(const char *line, size_t len)
{
	enum waiter_call call;

	puts(proc_find_rng(line, len, &call) ? waiter_call_name(call) : "other");
}

static void parse_abi(const char *line, size_t len)
{
	static const char *const calls[] = { "other",	 "getrandom", "read",  "readv",
					     "poll",	 "select",    "epoll", "read-at",
					     "sendfile", "uring" };

	(void)len;
	puts(calls[abi_find(strtol(line, NULL, 10))]);
}

/* "bytes-of-a-long order fd set": the order is big or little, the set hexadecimal bytes. */
static void parse_set(const char *line, size_t len)
{
	unsigned char set[64] = { 0 };
	char order[8], hex[2 * sizeof(set) + 1];
	size_t long_bytes, fd;

	(void)len;
	if (sscanf(line, "%zu %7s %zu %128s", &long_bytes, order, &fd, hex) != 4)
		return;
	for (size_t i = 0; i < strlen(hex) / 2; i++) {
		unsigned int byte;

		if (sscanf(&hex[2 * i], "%2x", &byte) == 1)
			set[i] = (unsigned char)byte;
	}
	puts(proc_in_set(set, fd, long_bytes, order[0] == 'b') ? "in" : "out");
}

static void parse_uring(const char *line, size_t len)
{
	puts(proc_parse_uring(line, len) ? "reads" : "other");
}

static const struct parser {
	const char *name;
	void (*parse)(const char *line, size_t len);
} parsers[] = {
	{ "kmsg", parse_kmsg },	      { "dmesg", parse_dmesg },
	{ "journal", parse_journal }, { "cgroup", parse_cgroup },
	{ "stat", parse_stat },	      { "syscall", parse_syscall },
	{ "wchan", parse_wchan },     { "abi", parse_abi },
	{ "set", parse_set },	      { "uring", parse_uring },
};

int dump_lines(const char *name)
{
	static char line[1 << 16];
	const struct parser *parser = parsers,
			    *end = parsers + sizeof(parsers) / sizeof(parsers[0]);

	while (parser < end && strcmp(parser->name, name) != 0)
		parser++;
	if (parser == end)
		return 2;
	while (fgets(line, sizeof(line), stdin)) {
		size_t len = strcspn(line, "\n");

		line[len] = '\0';
		parser->parse(line, len);
	}
	return 0;
}
