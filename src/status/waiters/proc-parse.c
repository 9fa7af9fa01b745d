/* SPDX-License-Identifier: MIT */
/* Lines of /proc/PID/task/TID: the form is the kernel's, but users choose the names. */
#include "status/waiters/proc-parse.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/deadline.h"
#include "base/number.h"

static bool skip_word(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

int proc_parse_syscall(const char *text, size_t len, struct proc_syscall *out)
{
	const char *at = text, *end = text + len;
	uint64_t number;

	if (skip_word(&at, end, "running"))
		return -EBUSY;
	if (skip_word(&at, end, "-1 "))
		return -ENOENT;
	if (!number_scan(&at, end, 10, &number) || number > INT_MAX)
		return -EINVAL;
	out->number = (long)number;
	for (size_t i = 0; i < SYSCALL_ARGS; i++) {
		if (!skip_word(&at, end, " 0x") ||
		    !number_scan(&at, end, 16, &out->args[i]))
			return -EINVAL;
	}
	if (!skip_word(&at, end, " 0x") || !number_scan(&at, end, 16, &out->stack))
		return -EINVAL;
	return 0;
}

int proc_parse_stat(const char *text, size_t len, struct proc_stat *out)
{
	enum { STATE = 3, FLAGS = 9, START = 22, PROCESSOR = 39, POLICY = 41, FIELDS };
	enum { KERNEL_THREAD = 0x00200000 };
	const char *end = text + len;
	const char *at = memrchr(text, ')', len);
	uint64_t fields[FIELDS] = { 0 };

	/* No later field holds a parenthesis, so the last one closes the name. */
	if (!at || end - at < 4 || at[1] != ' ')
		return -EINVAL;
	out->state = at[2];
	at += 3;
	for (int field = STATE + 1; field < FIELDS; field++) {
		if (!skip_word(&at, end, " "))
			return -EINVAL;
		/* None of the fields that are kept is ever negative. */
		skip_word(&at, end, "-");
		if (!number_scan(&at, end, 10, &fields[field]))
			return -EINVAL;
	}
	out->kernel = fields[FLAGS] & KERNEL_THREAD;
	out->start = fields[START];
	out->cpu = fields[PROCESSOR] <= INT_MAX ? (int)fields[PROCESSOR] : 0;
	out->policy = fields[POLICY] <= INT_MAX ? (int)fields[POLICY] : 0;
	return 0;
}

int proc_parse_sched(const char *text, size_t len, int64_t *ns)
{
	enum { FRACTION_DIGITS = 6 };
	static const char key[] = "\nse.exec_start";
	const char *end = text + len, *at = NULL;
	uint64_t ms, fraction;

	/* The first line holds the name of the task, which may imitate any other. */
	for (const char *next = text; next; at = next ? next : at) {
		next = memmem(next, (size_t)(end - next), key, sizeof(key) - 1);
		next = next ? next + sizeof(key) - 1 : NULL;
	}
	if (!at)
		return -EINVAL;
	while (at < end && (*at == ' ' || *at == ':'))
		at++;
	if (!number_scan(&at, end, 10, &ms) || !skip_word(&at, end, "."))
		return -EINVAL;

	const char *digits = at;

	if (!number_scan(&at, end, 10, &fraction) || at - digits != FRACTION_DIGITS ||
	    ms > INT64_MAX / NS_PER_MS - 1)
		return -EINVAL;
	*ns = (int64_t)ms * NS_PER_MS + (int64_t)fraction;
	return *ns > 0 ? 0 : -EINVAL;
}

/* The call that a function of the kernel belongs to. */
static const struct function {
	const char *part;
	enum waiter_call call;
} functions[] = {
	{ "getrandom", WAITER_GETRANDOM },
	{ "random_read", WAITER_READ },
	{ "wait_for_random", WAITER_WCHAN },
	{ "try_to_generate_entropy", WAITER_WCHAN },
};

bool proc_find_rng(const char *text, size_t len, enum waiter_call *call)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		*call = functions[i].call;
		if (memmem(text, len, functions[i].part, strlen(functions[i].part)))
			return true;
	}
	return false;
}

static void skip_blanks(const char **at, const char *end)
{
	while (*at < end && **at == ' ')
		++*at;
}

/* The hexadecimal number after the word, anywhere in the line; 0: none. */
static uint64_t find_number(const char *at, const char *end, const char *word)
{
	uint64_t number = 0;

	at = memmem(at, (size_t)(end - at), word, strlen(word));
	if (at)
		at += strlen(word);
	return at && number_scan(&at, end, 16, &number) ? number : 0;
}

int proc_parse_epoll(const char *line, size_t len, struct proc_watched *out)
{
	const char *at = line, *end = line + len;
	uint64_t number, mask;

	if (!skip_word(&at, end, "tfd:"))
		return -EINVAL;
	skip_blanks(&at, end);
	if (!number_scan(&at, end, 10, &number) || number > INT_MAX ||
	    !skip_word(&at, end, " events:"))
		return -EINVAL;
	skip_blanks(&at, end);
	if (!number_scan(&at, end, 16, &mask) || mask > UINT32_MAX)
		return -EINVAL;
	out->fd = (int)number;
	out->events = (uint32_t)mask;
	out->inode = find_number(at, end, " ino:");
	out->device = find_number(at, end, " sdev:");
	return 0;
}

bool proc_parse_uring(const char *line, size_t len)
{
	/* IORING_OP_READV, _READ_FIXED, _POLL_ADD, _READ, _SPLICE. */
	static const uint64_t readers[] = { 1, 4, 6, 22, 30 };
	const char *at = line, *end = line + len;
	uint64_t op;

	if (!skip_word(&at, end, "  op=") || !number_scan(&at, end, 10, &op))
		return false;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (op == readers[i])
			return true;
	return false;
}

bool proc_in_set(const unsigned char *set, size_t fd, size_t long_bytes, bool big_endian)
{
	size_t byte = fd / CHAR_BIT;

	if (big_endian)
		byte ^= long_bytes - 1;
	return set[byte] >> fd % CHAR_BIT & 1;
}
