/* SPDX-License-Identifier: MIT */
/*
 * The descriptors given to poll(2) and select(2) are in the memory of the task and are
 * read there. A page of it may belong to a file system that does not answer: where the
 * kernel reports the state of pages (CONFIG_PROC_PAGE_MONITOR), only pages that are in
 * memory or swapped are read.
 */
#include "status/waiters/task-memory.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/ask.h"
#include "status/waiters/proc-parse.h"

enum {
	POLLED_AT_ONCE = 128,
	SET_AT_ONCE = 512, /* bytes of a set: 4096 descriptors */
	SILENT_ENOUGH = 4, /* hangs, after which no more memory is read */
};

/* Of an entry of /proc/PID/pagemap (admin-guide/mm/pagemap.rst). */
#define PAGE_SWAPPED (UINT64_C(1) << 62)
#define PAGE_PRESENT (UINT64_C(1) << 63)

struct memory {
	int bytes, pages; /* descriptors; pages < 0: the kernel does not report pages */
};

static bool open_memory(struct look *look, struct memory *memory)
{
	bool enough = ask_silent() >= SILENT_ENOUGH;

	memory->bytes = enough ? -1 : proc_open(look->task, "mem", 0);
	if (memory->bytes < 0) {
		look->hidden = true;
		return false;
	}
	memory->pages = proc_open(look->task, "pagemap", 0);
	return true;
}

static void close_memory(const struct memory *memory)
{
	close(memory->bytes);
	if (memory->pages >= 0)
		close(memory->pages);
}

static bool is_at_hand(const struct memory *memory, uint64_t page)
{
	uint64_t entry;

	if (memory->pages < 0 || pread(memory->pages, &entry, sizeof(entry),
				       (off_t)(page * sizeof(entry))) != sizeof(entry))
		return true;
	return entry & (PAGE_SWAPPED | PAGE_PRESENT);
}

/* Copies from the task's memory; returns the number of bytes, 0 where that fails. */
static size_t peek(const struct memory *memory, uint64_t address, void *buf, size_t size)
{
	const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	size_t there = 0;

	if (address > INT64_MAX)
		return 0;
	while (there < size && is_at_hand(memory, (address + there) / page_bytes))
		there += page_bytes - (size_t)((address + there) % page_bytes);
	if (there < size)
		size = there;

	ssize_t n = pread(memory->bytes, buf, size, (off_t)address);

	return n > 0 ? (size_t)n : 0;
}

static bool search_poll(struct look *look, const struct memory *memory, uint64_t address,
			uint64_t count)
{
	struct pollfd fds[POLLED_AT_ONCE];

	while (count > 0 && look_has_time(look)) {
		size_t want = count < POLLED_AT_ONCE ? (size_t)count : POLLED_AT_ONCE;
		size_t got = peek(memory, address, fds, want * sizeof(fds[0])) /
			     sizeof(fds[0]);

		for (size_t i = 0; i < got; i++)
			if (fds[i].fd >= 0 && fds[i].events & (POLLIN | POLLRDNORM) &&
			    look_at(look, (uint64_t)fds[i].fd))
				return true;
		look->hidden |= got < want;
		if (got < want)
			break;
		address += got * sizeof(fds[0]);
		count -= got;
	}
	return false;
}

static bool search_set(struct look *look, const struct memory *memory, uint64_t address,
		       uint64_t count, size_t long_bytes)
{
	static const bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	unsigned char set[SET_AT_ONCE];
	const size_t at_once = sizeof(set) * CHAR_BIT;

	for (uint64_t from = 0; from < count && look_has_time(look); from += at_once) {
		size_t n = count - from < at_once ? (size_t)(count - from) : at_once;
		/* Whole longs: in a big-endian one the last byte is the first. */
		size_t bits = long_bytes * CHAR_BIT;
		size_t bytes = (n + bits - 1) / bits * long_bytes;

		memset(set, 0, sizeof(set));
		look->hidden |= peek(memory, address + from / CHAR_BIT, set, bytes) <
				bytes;
		for (size_t fd = 0; fd < n; fd++)
			if (proc_in_set(set, fd, long_bytes, big_endian) &&
			    look_at(look, from + fd))
				return true;
	}
	return false;
}

bool task_memory_poll(struct look *look, uint64_t address, uint64_t count)
{
	struct memory memory;

	if (count == 0 || !open_memory(look, &memory))
		return false;

	bool found = search_poll(look, &memory, address, count);

	close_memory(&memory);
	return found;
}

bool task_memory_select(struct look *look, uint64_t address, uint64_t count, bool compat)
{
	size_t long_bytes = compat ? sizeof(uint32_t) : sizeof(uint64_t);
	struct memory memory;
	bool any = count > 0 && count <= INT_MAX && address != 0;

	if (!any || !open_memory(look, &memory))
		return false;

	bool found = search_set(look, &memory, address, count, long_bytes);

	close_memory(&memory);
	return found;
}
