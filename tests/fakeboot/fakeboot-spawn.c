/* SPDX-License-Identifier: MIT */
/* The supervised child: fork, filter, exec. */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DROPPABLE = 0x08 }; /* MAP_DROPPABLE, linux/mman.h of 6.11 */

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static int load_filter(const struct boot *b)
{
	unsigned int asked = SCOPE_RNG | (b->opt.poll != POLL_NONE ? SCOPE_DEVICE : 0) |
			     (b->opt.short_len || b->opt.admin ? SCOPE_DUMPABLE : 0) |
			     (b->opt.hwrng.name ? SCOPE_READ : 0) |
			     (b->opt.on.count ? b->opt.on.scope : 0);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return -ENOMEM;
	for (const struct rule *rule = fakeboot_rules; rule->answer; rule++) {
		if (rule->nr < 0 || !(rule->scope & asked)) /* < 0: not on this machine */
			continue;
		int error = seccomp_rule_add_array(filter, SCMP_ACT_NOTIFY, rule->nr,
						   rule->when.op ? 1 : 0, &rule->when);
		if (error)
			return error;
	}
	/*
	 * A libc that reads through the vDSO (glibc 2.41) renews its key by a blocking
	 * call, even for a nonblocking caller. Without such memory it makes system calls.
	 */
	int error = 0;
	if (!b->opt.vdso)
		error = seccomp_rule_add(
			filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(mmap), 1,
			SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_TYPE, DROPPABLE));
	if (!error && b->opt.setuid)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (!error)
		error = seccomp_load(filter);
	return error ? error : seccomp_notify_fd(filter);
}

/* Sends @error, and @fd with it unless that is negative. */
static void tell(int sock, int error, int fd)
{
	union control control = { 0 };
	struct iovec data = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&msg);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	if (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0)
		_exit(125);
}

static _Noreturn void become_command(const struct boot *b, int sock, const sigset_t *mask)
{
	/* A supervisor that is killed must not leave an unsupervised command. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int listener = load_filter(b);
	tell(sock, listener < 0 ? listener : 0, listener);
	if (listener < 0)
		_exit(77);
	close(listener);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(b->opt.command[0], b->opt.command);
	tell(sock, errno, -1);
	_exit(127);
}

static int receive_listener(int sock)
{
	union control control;
	int error = -ECHILD, fd = -1;
	struct iovec data = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &data,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != sizeof(error) || error)
		return error ? error : -EPROTO;
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);
	if (!header)
		return -EPROTO;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/*
 * Starts CMD under the filter and returns as soon as its calls are reported. The
 * supervisor closes its own copies of the standard streams, so that a reader sees CMD
 * close them.
 */
void fakeboot_spawn(struct boot *b)
{
	static const int taken[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 };
	sigset_t set, before;
	int sock[2];

	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, &before);
	b->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (b->signals < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock))
		fakeboot_fail(125, "signalfd or socketpair", errno);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	b->strangers = fakeboot_children();
	b->child = fork();
	if (b->child < 0)
		fakeboot_fail(125, "fork", errno);
	if (!b->child)
		become_command(b, sock[1], &before);
	close(sock[1]);
	b->sock = sock[0];
	b->listener = receive_listener(b->sock);
	if (b->listener < 0)
		fakeboot_fail(77, "the kernel refuses seccomp user notification",
			      -b->listener);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
}

/*
 * Notes once that CMD was executed, which closes the socket.
 * Returns 0, -EAGAIN if exec has not happened yet, or the -errno of exec.
 */
int fakeboot_started(struct boot *b)
{
	int error = 0;

	if (b->running)
		return 0;
	ssize_t len = recv(b->sock, &error, sizeof(error), MSG_DONTWAIT);
	if (len < 0)
		return -errno;
	close(b->sock);
	b->sock = -1;
	if (len > 0)
		return -error;
	b->running = true;
	fakeboot_log(b, fakeboot_now(), "event=exec pid=%d", (int)b->child);
	return 0;
}
