/* SPDX-License-Identifier: MIT */
/* "probe CALL [ARG]..." makes a single system call, for the tests of fakeboot. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long call(size_t len, unsigned int flags)
{
	static uint8_t bytes[65536];

	return syscall(SYS_getrandom, len ? bytes : NULL, len, flags);
}

static int report(long result)
{
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", result);
	return 0;
}

/* getrandom LEN FLAGS */
static int do_getrandom(char **args)
{
	return report(
		call(strtoul(args[0], NULL, 0), (unsigned int)strtoul(args[1], NULL, 0)));
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* alarm MS SA_FLAGS: a blocking call, interrupted by a signal after MS */
static int do_alarm(char **args)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = atoi(args[1]) };
	struct itimerspec when = { .it_value.tv_nsec = atol(args[0]) * 1000000 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	timer_t timer;

	if (!strcmp(args[1], "restart"))
		action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &when, NULL);
	return report(call(0, 0));
}

/* poll MS: fstat, poll and RNDGETENTCNT of /dev/random, beside a pipe that stays empty */
static int do_poll(char **args)
{
	int pipes[2], bits = -1;
	struct stat st;

	int fd = open("/dev/random", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) || pipe(pipes))
		return report(-1);
	struct pollfd fds[] = { { .fd = pipes[0], .events = POLLIN },
				{ .fd = fd, .events = POLLIN } };
	int count = poll(fds, 2, atoi(args[0]));
	ioctl(fd, RNDGETENTCNT, &bits);
	printf("device=%u:%u char=%d count=%d random=%d pipe=%d bits=%d\n",
	       major(st.st_rdev), minor(st.st_rdev), S_ISCHR(st.st_mode), count,
	       fds[1].revents, fds[0].revents, bits);
	return 0;
}

static void *block(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)call(16, 0);
}

/* threads N: N threads block at once */
static int do_threads(char **args)
{
	int count = atoi(args[0]);
	pthread_t *threads = calloc((size_t)count, sizeof(*threads));
	intptr_t sum = 0;
	void *result;

	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, block, NULL))
			return 3;
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], &result);
		sum += (intptr_t)result;
	}
	free(threads);
	return report(sum);
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* woken: when the blocking call returned */
static int do_woken(char **args)
{
	(void)args;
	long result = call(0, 0);
	int64_t when = now();
	printf("%ld %lld\n", result, (long long)when);
	return 0;
}

/* orphan: leaves a blocked child behind */
static int do_orphan(char **args)
{
	(void)args;
	if (!fork()) {
		call(0, 0);
		_exit(0);
	}
	return 0;
}

/* around: not ready before a fork, and after it */
static int do_around(char **args)
{
	(void)args;
	report(call(0, GRND_NONBLOCK));
	fflush(stdout);
	pid_t child = fork();
	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
	return report(call(0, GRND_NONBLOCK));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int args;
		int (*run)(char **args);
	} calls[] = {
		{ "getrandom", 2, do_getrandom }, { "alarm", 2, do_alarm },
		{ "poll", 1, do_poll },		  { "threads", 1, do_threads },
		{ "woken", 0, do_woken },	  { "orphan", 0, do_orphan },
		{ "around", 0, do_around },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (argc > 1 && !strcmp(argv[1], calls[i].name) &&
		    argc - 2 == calls[i].args)
			return calls[i].run(argv + 2);
	return 2;
}
