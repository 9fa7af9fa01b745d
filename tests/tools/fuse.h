/* SPDX-License-Identifier: MIT */
/* What the FUSE servers of the tests share. */
#ifndef TESTS_FUSE_H
#define TESTS_FUSE_H

#include <linux/fuse.h>
#include <stddef.h>

enum { FUSE_PAGE = 4096 };

/* The request that is being served: its header, and then the data of its opcode. */
extern union fuse_request {
	char bytes[1 << 18];
	struct fuse_in_header header;
} fuse_request;

const void *fuse_request_data(void);

/* Answers the request with data, at most a page, or with a negative errno. */
void fuse_answer(int fd, int error, const void *data, size_t size);
void fuse_answer_init(int fd);

/*
 * Mounts the descriptor of /dev/fuse at a path; its root has the type and permissions of
 * mode. Returns 0 or -1, with errno.
 */
int fuse_mount(int fd, const char *path, unsigned int mode, const char *options);

#endif
