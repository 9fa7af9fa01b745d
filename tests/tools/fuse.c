/* SPDX-License-Identifier: MIT */
#include "fuse.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

union fuse_request fuse_request;

const void *fuse_request_data(void)
{
	return fuse_request.bytes + sizeof(struct fuse_in_header);
}

void fuse_answer(int fd, int error, const void *data, size_t size)
{
	char reply[sizeof(struct fuse_out_header) + FUSE_PAGE];
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + size),
		.error = error,
		.unique = fuse_request.header.unique,
	};

	memcpy(reply, &header, sizeof(header));
	if (size)
		memcpy(reply + sizeof(header), data, size);
	if (write(fd, reply, header.len) < 0 && errno != ENOENT)
		perror("FUSE: write");
}

void fuse_answer_init(int fd)
{
	const struct fuse_init_in *in = fuse_request_data();
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = in->minor < FUSE_KERNEL_MINOR_VERSION
				 ? in->minor
				 : FUSE_KERNEL_MINOR_VERSION,
		.max_write = FUSE_PAGE,
	};

	fuse_answer(fd, 0, &out, sizeof(out));
}

int fuse_mount(int fd, const char *path, unsigned int mode, const char *options)
{
	char text[128];

	snprintf(text, sizeof(text), "fd=%d,rootmode=%o,user_id=%u,group_id=%u,%s", fd,
		 mode, getuid(), getgid(), options);
	return mount("tests", path, "fuse", MS_NOSUID | MS_NODEV, text);
}
