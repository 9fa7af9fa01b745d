/* SPDX-License-Identifier: MIT */
/*
 * Makes one system call that concerns the RNG, for the tests: "blocker CALL". Who wants it
 * to block stops it there (strace's delay_enter), or makes the RNG unready. "blocker idle
 * COUNT COMMAND..." runs a command on a machine with so many processes more.
 */
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

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
	FD_SET(fd, &set);
	pselect(fd + 1, &set, NULL, NULL, NULL, NULL);
}

/* Edge-triggered: the second wait sleeps even on a ready RNG. */
static void call_epoll(int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int epoll_fd = epoll_create1(0);

	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
	epoll_wait(epoll_fd, &event, 1, -1);
	epoll_wait(epoll_fd, &event, 1, -1);
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
};

/* Returns the status of the command, 77: there cannot be so many processes. */
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
		/* A number that nothing else of this program has, for strace to stop at. */
		int fd = call->path ? dup2(open(call->path, O_RDONLY), 9) : -1;

		call->make(fd);
		return 0;
	}
	fputs("usage: blocker CALL | blocker idle COUNT COMMAND...\n", stderr);
	return 2;
}
