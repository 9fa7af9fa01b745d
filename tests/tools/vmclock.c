/* SPDX-License-Identifier: MIT */
/*
 * "vmclock CHANGES COMMAND..." executes the command on a machine that has VMClock: in a
 * mount namespace of its own, whose /dev/vmclock0 answers open(), read() and poll() as
 * drivers/ptp/ptp_vmclock.c of Linux 7.0 does. It exits with 77 where that is impossible.
 *
 * Each line of the file CHANGES, "OFFSET BYTES VALUE", is a change that the hypervisor
 * makes to the structure. A line that is appended later takes effect at once. After each
 * change seq_count is increased, unless the line was about seq_count. Each poll() that has
 * to wait adds "idle SEQ_COUNT" to CHANGES.log.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse.h"
#include "own-dev.h"

#define DEVICE "/dev/vmclock0"

enum { SEQ_AT = 12, FLAGS_AT = 24, NOTIFIES = 1 << 9, WAIT_MS = 100, FILES = 64 };

/* The first fields of struct vmclock_abi: all of them that the driver itself reads. */
static union {
	unsigned char bytes[FUSE_PAGE];
	struct {
		uint32_t magic, size;
		uint16_t version;
		uint8_t counter_id, time_type;
		uint32_t seq_count;
		uint64_t disruption_marker, flags;
	};
} page;

/* The open files: which seq_count each has read, and how its poll() is woken. */
static struct {
	bool used, polled;
	uint32_t seq;
	uint64_t wakeup;
} files[FILES];

static FILE *changes, *trace;

static void hypervisor_starts(void)
{
	page.magic = htole32(0x4b4c4356);
	page.size = htole32(sizeof(page));
	page.version = htole16(1);
	page.counter_id = 0xff;
	page.seq_count = htole32(2);
	page.flags = htole64(1 << 8 | NOTIFIES);
}

/* Makes the changes that have been added to the file. */
static void hypervisor_continues(void)
{
	size_t offset, size;
	uint64_t value;

	clearerr(changes);
	while (fscanf(changes, "%zu %zu %" SCNu64, &offset, &size, &value) == 3) {
		if (size > sizeof(value) || offset > sizeof(page) - size)
			continue;
		value = htole64(value);
		memcpy(page.bytes + offset, &value, size);
		if (offset != SEQ_AT)
			page.seq_count = htole32(le32toh(page.seq_count) + 2);
	}
}

static void answer_attributes(int fd)
{
	struct fuse_attr_out out = { .attr = {
					     .ino = FUSE_ROOT_ID,
					     .size = sizeof(page),
					     .mode = S_IFREG | 0600,
					     .nlink = 1,
					     .blksize = sizeof(page),
					     .uid = getuid(),
					     .gid = getgid(),
				     } };

	fuse_answer(fd, 0, &out, sizeof(out));
}

static void answer_open(int fd)
{
	struct fuse_open_out out = { .open_flags = FOPEN_DIRECT_IO };

	while (out.fh < FILES && files[out.fh].used)
		out.fh++;
	if (out.fh == FILES) {
		fuse_answer(fd, -ENFILE, NULL, 0);
		return;
	}
	memset(&files[out.fh], 0, sizeof(files[out.fh]));
	files[out.fh].used = true;
	fuse_answer(fd, 0, &out, sizeof(out));
}

/* The driver waits for the end of an update as long as this, and stores what it read. */
static void answer_read(int fd, const struct fuse_read_in *in)
{
	if (le32toh(page.seq_count) & 1) {
		poll(NULL, 0, WAIT_MS);
		hypervisor_continues();
	}

	uint32_t seq = le32toh(page.seq_count);
	size_t size = in->offset < sizeof(page) ? sizeof(page) - in->offset : 0;

	if (seq & 1) {
		fuse_answer(fd, -ETIMEDOUT, NULL, 0);
		return;
	}
	files[in->fh].seq = seq;
	fuse_answer(fd, 0, page.bytes + (size ? in->offset : 0),
		    in->size < size ? in->size : size);
}

static void answer_poll(int fd, const struct fuse_poll_in *in)
{
	struct fuse_poll_out out = { 0 };

	files[in->fh].polled = true;
	files[in->fh].wakeup = in->kh;
	if (!(le64toh(page.flags) & NOTIFIES))
		out.revents = POLLHUP;
	else if (files[in->fh].seq != le32toh(page.seq_count))
		out.revents = POLLIN | POLLRDNORM;
	else
		fprintf(trace, "idle %" PRIu32 "\n", files[in->fh].seq);
	fflush(trace);
	fuse_answer(fd, 0, &out, sizeof(out));
}

/* Wakes all callers of poll(), which then ask again. */
static void wake_all(int fd)
{
	struct {
		struct fuse_out_header header;
		struct fuse_notify_poll_wakeup_out wakeup;
	} notice = { .header = { .len = sizeof(notice), .error = FUSE_NOTIFY_POLL } };

	for (size_t i = 0; i < FILES; i++) {
		notice.wakeup.kh = files[i].wakeup;
		if (files[i].polled && write(fd, &notice, sizeof(notice)) < 0)
			perror("vmclock: wakeup");
	}
}

static void answer(int fd)
{
	const struct fuse_release_in *release = fuse_request_data();

	hypervisor_continues();
	switch (fuse_request.header.opcode) {
	case FUSE_INIT:
		fuse_answer_init(fd);
		break;
	case FUSE_GETATTR:
		answer_attributes(fd);
		break;
	case FUSE_OPEN:
		answer_open(fd);
		break;
	case FUSE_READ:
		answer_read(fd, fuse_request_data());
		break;
	case FUSE_POLL:
		answer_poll(fd, fuse_request_data());
		break;
	case FUSE_RELEASE:
		memset(&files[release->fh], 0, sizeof(files[0]));
		fuse_answer(fd, 0, NULL, 0);
		break;
	case FUSE_FORGET:
		break;
	default:
		fuse_answer(fd, -ENOSYS, NULL, 0);
	}
}

/* Serves until the file system is unmounted, with the last process of its namespace. */
static void serve(int fd, int notices)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
				{ .fd = notices, .events = POLLIN } };
	char events[4096];

	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents && read(notices, events, sizeof(events)) > 0) {
			hypervisor_continues();
			wake_all(fd);
		}
		if (!fds[0].revents)
			continue;

		ssize_t n = read(fd, fuse_request.bytes, sizeof(fuse_request.bytes));

		if (n < 0 && errno != EINTR && errno != ENOENT)
			return;
		if (n >= (ssize_t)sizeof(fuse_request.header))
			answer(fd);
	}
}

/*
 * Starts the server, which is no child of ours, so that COMMAND has none that it does not
 * know. It begins at the end of the pipe, when the file system is mounted.
 */
static int start_server(int fd, int notices, const int mounted[2])
{
	char none;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		return 0;
	}
	if (fork() != 0)
		_exit(0);
	close(mounted[1]);
	if (read(mounted[0], &none, 1) == 0)
		serve(fd, notices);
	_exit(0);
}

static int prepare(const char *path)
{
	char trace_path[PATH_MAX];
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	int notices = inotify_init1(IN_CLOEXEC);
	int mounted[2];

	snprintf(trace_path, sizeof(trace_path), "%s.log", path);
	changes = fopen(path, "re");
	trace = fopen(trace_path, "we");
	hypervisor_starts();
	if (!changes || !trace || fd < 0 || pipe2(mounted, O_CLOEXEC) != 0 ||
	    inotify_add_watch(notices, path, IN_MODIFY) < 0 ||
	    start_server(fd, notices, mounted) != 0 || own_dev() != 0 ||
	    close(open(DEVICE, O_CREAT | O_CLOEXEC, 0600)) != 0)
		return -1;
	return fuse_mount(fd, DEVICE, S_IFREG | 0600, "allow_other,default_permissions");
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: vmclock CHANGES COMMAND...\n", stderr);
		return 2;
	}
	if (prepare(argv[1]) != 0) {
		perror("vmclock");
		return 77;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
