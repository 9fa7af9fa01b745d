/* SPDX-License-Identifier: MIT */
#ifndef CRNG_INPUT_H
#define CRNG_INPUT_H

#include <stdbool.h>
#include <stddef.h>

enum { INPUT_MIN = 16, INPUT_MAX = 65536 }; /* bytes */

/* Random bytes from outside this machine, for reseed_run(). */
struct input {
	size_t len;
	unsigned char data[INPUT_MAX + 1];
};

/*
 * Reads all bytes of the file at path, or of standard input where path is "-", into
 * *input: INPUT_MIN to INPUT_MAX of them, within 10 s. Returns NULL; or a static string:
 * why it cannot be used, such as "shorter than 16 bytes", with nothing left in *input.
 */
const char *input_read(const char *path, struct input *input);

/* Are all bytes equal? Such input is not random, whatever it was meant to be. */
bool input_is_constant(const struct input *input);

void input_wipe(struct input *input);

#endif
