/* SPDX-License-Identifier: MIT */
/*
 * /dev/kmsg as the command sees it, with --kmsg: a pipe in packet mode, so that each
 * read() returns one record and the end of the log is EAGAIN. All openers share it, and
 * it is refilled for each one, since in the kernel each begins with the first record.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define ROOM (1 << 20) /* the limit of an ordinary user: 256 records */

void fakeboot_kmsg_init(struct boot *b)
{
	if (pipe2(b->kmsg.pipe, O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		fakeboot_fail(125, "pipe", errno);
	fcntl(b->kmsg.pipe[1], F_SETPIPE_SZ, ROOM);
	b->kmsg.path = "/dev/kmsg";
	b->kmsg.number = makedev(1, 11);
	if (access(b->opt.kmsg, R_OK))
		fakeboot_fail(125, b->opt.kmsg, errno);
}

void fakeboot_kmsg_fill(const struct boot *b)
{
	char line[8192];

	while (read(b->kmsg.pipe[0], line, sizeof(line)) > 0)
		;
	FILE *log = fopen(b->opt.kmsg, "re");
	if (!log)
		fakeboot_fail(125, b->opt.kmsg, errno);
	while (fgets(line, sizeof(line), log))
		if (write(b->kmsg.pipe[1], line, strlen(line)) < 0)
			fakeboot_fail(125, "--kmsg: too many records", errno);
	fclose(log);
}
