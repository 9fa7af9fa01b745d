/* SPDX-License-Identifier: MIT */
/*
 * "blocker CALL" makes one system call that concerns the RNG. A test that wants it to
 * block stops it there (strace's delay_enter), or makes the RNG unready. "blocker idle
 * COUNT COMMAND..." runs a command beside COUNT idle processes.
 */
#include <fcntl.h>
#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif
#include <linux/random.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 300 };

static char bytes[64];

static void call_getrandom(int fd)
{
	(void)fd;
	syscall(SYS_getrandom, bytes, 21, 0);
}

static void call_nonblock(int fd)
{
	(void)fd;
	syscall(SYS_getrandom, bytes, 21, GRND_NONBLOCK);
}

static void *in_thread(void *data)
{
	(void)data;
	call_getrandom(-1);
	return NULL;
}

static void call_thread(int fd)
{
	pthread_t thread;

	(void)fd;
	if (pthread_create(&thread, NULL, in_thread, NULL) == 0)
		pthread_join(thread, NULL);
}

static void call_read(int fd)
{
	if (read(fd, bytes, 13) < 0)
		perror("read");
}

static void call_readv(int fd)
{
	struct iovec vector = { bytes, 13 };

	if (readv(fd, &vector, 1) < 0)
		perror("readv");
}

static void call_ppoll(int fd)
{
	struct pollfd fds[] = { { .fd = -1 }, { .fd = fd, .events = POLLIN } };

	ppoll(fds, 2, NULL, NULL);
}

static void call_ppoll_out(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	ppoll(&pfd, 1, NULL, NULL);
}

static void call_pselect(int fd)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET((unsigned int)fd, &set);
	pselect(fd + 1, &set, NULL, NULL, NULL, NULL);
}

/* It reads several times, since the dynamic loader makes this call, too. */
static void call_pread(int fd)
{
	for (int i = 0; i < 9; i++)
		if (pread(fd, bytes, 13, 0) < 0)
			perror("pread");
}

static void call_preadv(int fd)
{
	struct iovec vector = { bytes, 13 };

	if (preadv(fd, &vector, 1, 0) < 0)
		perror("preadv");
}

static void call_splice(int fd)
{
	int ends[2];

	if (pipe(ends) != 0 || splice(fd, NULL, ends[1], NULL, 13, 0) < 0)
		perror("splice");
}

static void call_sendfile(int fd)
{
	int ends[2];

	if (pipe(ends) != 0 || sendfile(ends[1], fd, NULL, 13) < 0)
		perror("sendfile");
}

/* The device is the last of many descriptors, and its number is high. */
static void call_ppoll_many(int fd)
{
	static struct pollfd fds[MANY];
	int ends[2];

	if (pipe(ends) != 0)
		return;
	for (int i = 0; i < MANY; i++)
		fds[i] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	fds[MANY - 1].fd = fd;
	ppoll(fds, MANY, NULL, NULL);
}

static void call_pselect_many(int fd)
{
	fd_set set;
	int ends[2], high = -1;

	if (pipe(ends) != 0)
		return;
	FD_ZERO(&set);
	for (int i = 20; i < MANY; i++) {
		high = dup2(i < MANY - 1 ? ends[0] : fd, i);
		FD_SET((unsigned int)high, &set);
	}
	close(fd);
	pselect(high + 1, &set, NULL, NULL, NULL, NULL);
}

/* The event is edge-triggered, so that the second wait sleeps even on a ready RNG. */
static int watch(int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int epoll_fd = epoll_create1(0);

	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
	return epoll_fd;
}

static void wait_twice(int epoll_fd)
{
	struct epoll_event event;

	epoll_wait(epoll_fd, &event, 1, -1);
	epoll_wait(epoll_fd, &event, 1, -1);
}

static void call_epoll(int fd)
{
	wait_twice(watch(fd));
}

static void call_epoll_nested(int fd)
{
	wait_twice(watch(watch(watch(fd))));
}

/* The file that was added stays open under another number. */
static void call_epoll_moved(int fd)
{
	int epoll_fd = watch(fd);

	if (dup(fd) < 0 || close(fd) != 0)
		return;
	wait_twice(epoll_fd);
}

static void call_epoll_many(int fd)
{
	int epoll_fd = watch(fd), ends[2];

	for (int i = 0; i < MANY; i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (pipe(ends) != 0)
			return;
		epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[0], &event);
	}
	wait_twice(epoll_fd);
}

static void call_ppoll_epoll(int fd)
{
	int epoll_fd = watch(fd);
	struct epoll_event event;
	struct pollfd pfd = { .fd = epoll_fd, .events = POLLIN };

	epoll_wait(epoll_fd, &event, 1, -1);
	ppoll(&pfd, 1, NULL, NULL);
}

/* The ring polls the device for being writable, which a ready RNG never is. */
static void call_uring(int fd)
{
#ifdef IORING_OFF_SQES
	struct io_uring_params params = { .flags = 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (ring < 0)
		_exit(77);

	size_t size = params.sq_off.array + sizeof(uint32_t);
	int prot = PROT_READ | PROT_WRITE;
	char *queue = mmap(NULL, size, prot, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, sizeof(*entry), prot, MAP_SHARED, ring,
					  IORING_OFF_SQES);

	if (queue == MAP_FAILED || entry == MAP_FAILED)
		_exit(77);
	entry->opcode = IORING_OP_POLL_ADD;
	entry->fd = fd;
	entry->poll_events = POLLOUT;
	*(uint32_t *)(queue + params.sq_off.array) = 0;
	*(uint32_t *)(queue + params.sq_off.tail) = 1;
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
#else
	(void)fd;
	_exit(77);
#endif
}

static void call_uring_pipe(int fd)
{
	int ends[2];

	(void)fd;
	if (pipe(ends) == 0)
		call_uring(ends[0]);
}

/* It reads a device node whose last name has been removed. */
static void call_read_deleted(int fd)
{
	(void)fd;
	if (mknod("renamed", S_IFCHR | 0600, makedev(1, 8)) != 0)
		_exit(77);

	int node = dup2(open("renamed", O_RDONLY), 9);

	if (node < 0)
		_exit(77);
	unlink("renamed");
	call_read(node);
}

static void call_read_fuse(int fd)
{
	(void)fd;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	call_read(dup2(open("random", O_RDONLY), 9));
}

/* The array is in a file that its file system never delivers. */
static void call_ppoll_mapped(int fd)
{
	(void)fd;
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	int file = open("random", O_RDWR);
	struct pollfd *fds = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file,
				  0);

	if (fds != MAP_FAILED)
		ppoll(fds, 1, NULL, NULL);
}

static const struct call {
	const char *name;
	void (*make)(int fd);
	const char *path;
} calls[] = {
	{ "getrandom", call_getrandom, NULL },
	{ "nonblock", call_nonblock, NULL },
	{ "thread", call_thread, NULL },
	{ "read", call_read, "/dev/random" },
	{ "read-urandom", call_read, "/dev/urandom" },
	{ "readv", call_readv, "/dev/random" },
	{ "ppoll", call_ppoll, "/dev/random" },
	{ "ppoll-out", call_ppoll_out, "/dev/random" },
	{ "pselect", call_pselect, "/dev/random" },
	{ "epoll", call_epoll, "/dev/random" },
	{ "pread", call_pread, "/dev/random" },
	{ "preadv", call_preadv, "/dev/random" },
	{ "splice", call_splice, "/dev/random" },
	{ "sendfile", call_sendfile, "/dev/random" },
	{ "ppoll-many", call_ppoll_many, "/dev/random" },
	{ "pselect-many", call_pselect_many, "/dev/random" },
	{ "epoll-nested", call_epoll_nested, "/dev/random" },
	{ "epoll-moved", call_epoll_moved, "/dev/random" },
	{ "epoll-many", call_epoll_many, "/dev/random" },
	{ "ppoll-epoll", call_ppoll_epoll, "/dev/random" },
	{ "uring", call_uring, "/dev/random" },
	{ "uring-pipe", call_uring_pipe, NULL },
	{ "read-deleted", call_read_deleted, NULL },
	{ "read-fuse", call_read_fuse, NULL },
	{ "ppoll-mapped", call_ppoll_mapped, NULL },
};

/* Returns the status of the command, or 77 if so many processes cannot be started. */
static int among_idle(int count, char **command)
{
	int status = 0;

	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			_exit(77);
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
	}

	pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "idle") == 0)
		return among_idle(atoi(argv[2]), argv + 3);
	for (size_t i = 0; argc == 2 && i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *call = &calls[i];

		if (strcmp(call->name, argv[1]) != 0)
			continue;
		/* strace stops at this number, which no other file of the program has. */
		int fd = call->path ? dup2(open(call->path, O_RDONLY), 9) : -1;

		call->make(fd);
		return 0;
	}
	fputs("usage: blocker CALL | blocker idle COUNT COMMAND...\n", stderr);
	return 2;
}
