/* SPDX-License-Identifier: MIT */
/* Offsets are those of struct vmclock_abi. */
#include "rng/vmclock.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/root.h"

#define MAGIC UINT32_C(0x4b4c4356) /* "VCLK" */
#define FLAG_COUNTS (UINT64_C(1) << 8)
#define FLAG_NOTIFIES (UINT64_C(1) << 9)

enum {
	MAGIC_AT = 0,
	SIZE_AT = 4,
	VERSION_AT = 8,
	SEQUENCE_AT = 12,
	DISRUPTION_AT = 16,
	FLAGS_AT = 24,
	FLAGS_END = 32,
	GENERATION_AT = 104,
};

static uint64_t number_at(const void *data, size_t offset, size_t bytes)
{
	uint64_t number = 0;

	memcpy(&number, (const char *)data + offset, bytes);
	return le64toh(number);
}

int vmclock_parse(const void *data, size_t len, struct vmclock *clock)
{
	*clock = (struct vmclock){ 0 };
	if (len < FLAGS_END)
		return -ENODATA;
	if (number_at(data, MAGIC_AT, 4) != MAGIC || number_at(data, VERSION_AT, 2) != 1)
		return -EPROTO;

	uint64_t flags = number_at(data, FLAGS_AT, 8);

	clock->sequence = (uint32_t)number_at(data, SEQUENCE_AT, 4);
	clock->disruption_marker = number_at(data, DISRUPTION_AT, 8);
	clock->notifies = flags & FLAG_NOTIFIES;
	clock->counts = flags & FLAG_COUNTS && len >= VMCLOCK_BYTES &&
			number_at(data, SIZE_AT, 4) >= VMCLOCK_BYTES;
	if (clock->counts)
		clock->generation = number_at(data, GENERATION_AT, 8);
	return 0;
}

int vmclock_open(int root)
{
	return root_open_any(root, VMCLOCK_PATH, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

long vmclock_read(int fd, unsigned char data[VMCLOCK_BYTES], struct vmclock *clock)
{
	ssize_t got = pread(fd, data, VMCLOCK_BYTES, 0);
	int rc = got < 0 ? -errno : vmclock_parse(data, (size_t)got, clock);

	return rc < 0 ? rc : got;
}

long vmclock_look(int root, unsigned char data[VMCLOCK_BYTES], struct vmclock *clock)
{
	int fd = root == ROOT_LIVE ? vmclock_open(root) : root_open(root, VMCLOCK_PATH);

	*clock = (struct vmclock){ .counts = false };
	if (fd < 0)
		return fd;

	long got = vmclock_read(fd, data, clock);

	close(fd);
	return got;
}
