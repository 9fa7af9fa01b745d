/* SPDX-License-Identifier: MIT */
/*
 * The parsers of the files of a task. The first byte of the input chooses the file, so
 * that the corpus keeps inputs for each.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "status/waiters/abi.h"
#include "status/waiters/proc-parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int is_true)
{
	if (!is_true)
		abort();
}

static void check_syscall(const char *text, size_t len)
{
	struct proc_syscall call;

	if (proc_parse_syscall(text, len, &call) != 0)
		return;
	require(call.number >= 0);
	require(abi_find(call.number) <= ABI_URING);
}

static void check_stat(const char *text, size_t len)
{
	struct proc_stat stat;

	proc_parse_stat(text, len, &stat);
}

static void check_sched(const char *text, size_t len)
{
	int64_t ns;

	require(proc_parse_sched(text, len, &ns) != 0 || ns > 0);
}

static void check_wchan(const char *text, size_t len)
{
	enum waiter_call call;

	proc_find_rng(text, len, &call);
	require(call <= WAITER_WCHAN);
}

static void check_cgroup(const char *text, size_t len)
{
	for (size_t size = 1; size <= 128; size += 127) {
		char unit[128];
		bool found = proc_parse_cgroup(text, len, unit, size);

		require(memchr(unit, '\0', size) != NULL);
		require(found || unit[0] == '\0');
		for (const char *at = unit; *at; at++)
			require((unsigned char)*at >= 0x20 && *at != 0x7f && *at != '/');
	}
}

static void check_epoll(const char *text, size_t len)
{
	struct proc_watched watched;

	require(proc_parse_epoll(text, len, &watched) != 0 || watched.fd >= 0);
	proc_parse_uring(text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const char *, size_t) = {
		['y'] = check_syscall, ['s'] = check_stat,  ['w'] = check_wchan,
		['c'] = check_cgroup,  ['e'] = check_epoll, ['x'] = check_sched,
		[UINT8_MAX] = NULL,
	};

	if (size == 0 || !checks[data[0]])
		return 0;

	/* In a copy of exact size the address sanitizer sees a read past the end. */
	size_t len = size - 1;
	char *text = malloc(len ? len : 1);

	require(text != NULL);
	memcpy(text, data + 1, len);
	checks[data[0]](text, len);
	free(text);
	return 0;
}
