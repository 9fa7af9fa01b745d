/* SPDX-License-Identifier: MIT */
#ifndef CRNG_INPUT_H
#define CRNG_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

enum { INPUT_MIN = 16, INPUT_MAX = 65536 }; /* bytes */

/* Which content of which regular file it is; empty for a pipe or a device. */
struct input_origin {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

/* Random bytes from outside this machine. */
struct input {
	struct input_origin origin;
	size_t len; /* 0: there is none */
	unsigned char data[INPUT_MAX + 1];
};

/*
 * Reads all bytes of the file at path, or of standard input where path is "-", into
 * *input: INPUT_MIN to INPUT_MAX of them, within 10 s. Returns NULL; or a static string:
 * why it cannot be used, such as "shorter than 16 bytes". A thread may then still be
 * reading, so *input must live on until the program ends.
 */
const char *input_read(const char *path, struct input *input);

/* Tells which content the file has now; empty where it cannot be told. */
struct input_origin input_origin(const char *path);

/* Do both tell, and the same? */
bool input_origin_is(const struct input_origin *a, const struct input_origin *b);

/* Are all bytes equal? Such input is not random, whatever it was meant to be. */
bool input_is_constant(const struct input *input);

#endif
