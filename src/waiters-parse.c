/* SPDX-License-Identifier: MIT */
/* Lines of /proc/PID/task/TID: the kernel's form, but with names that anyone may choose. */
#include "waiters-parse.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "text.h"

/* The value of a digit in base 16; 16: none. */
static unsigned int digit(char c)
{
	return c >= '0' && c <= '9'   ? (unsigned int)(c - '0')
	       : c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10
				      : 16;
}

/* Reads digits of the base; false where there is none or too many. */
static bool take_number(const char **at, const char *end, unsigned int base,
			uint64_t *value)
{
	const char *start = *at;

	for (*value = 0; *at < end && digit(**at) < base; ++*at) {
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit(**at), value))
			return false;
	}
	return *at > start;
}

static bool take_word(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

int task_parse_syscall(const char *text, size_t len, struct task_syscall *out)
{
	const char *at = text, *end = text + len;
	uint64_t number;

	if (take_word(&at, end, "running"))
		return -EBUSY;
	if (take_word(&at, end, "-1 "))
		return -ENOENT;
	if (!take_number(&at, end, 10, &number) || number > INT_MAX)
		return -EINVAL;
	out->number = (long)number;
	for (size_t i = 0; i < SYSCALL_ARGS; i++) {
		if (!take_word(&at, end, " 0x") ||
		    !take_number(&at, end, 16, &out->args[i]))
			return -EINVAL;
	}
	return 0;
}

int task_parse_stat(const char *text, size_t len, struct task_stat *out)
{
	enum { STATE = 3, FLAGS = 9, START = 22, KERNEL_THREAD = 0x00200000 };
	const char *end = text + len;
	const char *at = memrchr(text, ')', len);
	uint64_t flags = 0;

	/* The fields behind the last parenthesis hold none: it closes the name. */
	if (!at || end - at < 4 || at[1] != ' ' || at[3] != ' ')
		return -EINVAL;
	out->state = at[2];
	at += 3;
	for (int field = STATE + 1;; field++) {
		const char *number = at + 1;

		if (field == FLAGS && !take_number(&number, end, 10, &flags))
			return -EINVAL;
		if (field == START)
			break;
		at = memchr(number, ' ', (size_t)(end - number));
		if (!at)
			return -EINVAL;
	}
	at++;
	out->kernel = flags & KERNEL_THREAD;
	return take_number(&at, end, 10, &out->start) ? 0 : -EINVAL;
}

bool task_wchan_is_rng(const char *text, size_t len)
{
	static const char *const parts[] = { "getrandom", "wait_for_random",
					     "random_read", "urandom_read" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (memmem(text, len, parts[i], strlen(parts[i])))
			return true;
	}
	return false;
}

static bool ends_with(const char *name, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && memcmp(name + len - n, suffix, n) == 0;
}

static bool is_unit(const char *name, size_t len)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket", ".mount",
						".swap" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (ends_with(name, len, suffixes[i]))
			return true;
	}
	return false;
}

static bool is_container(const char *name, size_t len)
{
	enum { CONTAINER_ID = 64 };
	static const char lxc[] = "lxc.payload.";
	size_t hex = 0;

	while (hex < len && digit(name[hex]) < 16)
		hex++;
	return (hex == len && len == CONTAINER_ID) ||
	       (len >= sizeof(lxc) && memcmp(name, lxc, sizeof(lxc) - 1) == 0);
}

/* The innermost directory of path that is of the kind; NULL: none. */
static const char *innermost(const char *path, const char *end,
			     bool (*is_kind)(const char *, size_t), size_t *len)
{
	while (end > path) {
		const char *slash = memrchr(path, '/', (size_t)(end - path));
		const char *name = slash ? slash + 1 : path;

		*len = (size_t)(end - name);
		if (is_kind(name, *len))
			return name;
		end = slash ? slash : path;
	}
	return NULL;
}

bool task_parse_cgroup(const char *text, size_t len, char *out, size_t size)
{
	const char *end = text + len;
	const char *best = NULL;
	size_t best_len = 0, n = 0;

	/* A unit of any hierarchy (1:name=systemd:/…, 0::/…) is better than a container. */
	for (const char *next; text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *path = memchr(text, '/', (size_t)(stop - text));
		const char *unit = path ? innermost(path, stop, is_unit, &n) : NULL;

		next = newline ? newline + 1 : end;
		if (unit) {
			best = unit;
			best_len = n;
			break;
		}
		if (path && !best)
			best = innermost(path, stop, is_container, &best_len);
	}
	text_escape(out, size, best ? best : "", best ? best_len : 0);
	return best != NULL;
}

static void skip_blanks(const char **at, const char *end)
{
	while (*at < end && **at == ' ')
		++*at;
}

int task_parse_epoll(const char *line, size_t len, int *fd, uint32_t *events)
{
	const char *at = line, *end = line + len;
	uint64_t number, mask;

	if (!take_word(&at, end, "tfd:"))
		return -EINVAL;
	skip_blanks(&at, end);
	if (!take_number(&at, end, 10, &number) || number > INT_MAX ||
	    !take_word(&at, end, " events:"))
		return -EINVAL;
	skip_blanks(&at, end);
	if (!take_number(&at, end, 16, &mask) || mask > UINT32_MAX)
		return -EINVAL;
	*fd = (int)number;
	*events = (uint32_t)mask;
	return 0;
}
