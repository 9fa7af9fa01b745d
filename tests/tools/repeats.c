/* SPDX-License-Identifier: MIT */
/*
 * "repeats" reads standard input and fails if any 16-byte block comes twice, which does
 * not happen with random bytes: of 2^26 blocks (1 GiB) two are equal with probability
 * 2^-77. It would detect a state of the generator that two workers share.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 16 };

struct input {
	uint8_t *bytes;
	size_t size, room;
};

static void read_all(struct input *input)
{
	ssize_t n;

	do {
		if (input->room - input->size < 1 << 20) {
			input->room = input->room ? 2 * input->room : 1 << 24;
			input->bytes = realloc(input->bytes, input->room);
			if (!input->bytes)
				err(2, "memory");
		}
		n = read(STDIN_FILENO, input->bytes + input->size,
			 input->room - input->size);
		if (n < 0)
			err(2, "standard input");
		input->size += (size_t)n;
	} while (n > 0);
}

/* Random blocks are their own hash. Returns the number of the earlier one, or 0. */
static uint32_t find_or_add(const uint8_t *bytes, uint32_t *table, size_t mask,
			    uint32_t number)
{
	const uint8_t *block = bytes + (size_t)(number - 1) * BLOCK;
	uint64_t at;

	memcpy(&at, block, sizeof(at));
	for (at &= mask; table[at] != 0; at = (at + 1) & mask) {
		if (memcmp(bytes + (size_t)(table[at] - 1) * BLOCK, block, BLOCK) == 0)
			return table[at];
	}
	table[at] = number;
	return 0;
}

int main(void)
{
	struct input input = { 0 };
	size_t slots = 1;

	read_all(&input);

	size_t blocks = input.size / BLOCK;

	if (blocks >= UINT32_MAX)
		errx(2, "too much input");
	while (slots < 2 * blocks)
		slots *= 2;

	uint32_t *table = calloc(slots, sizeof(*table));

	if (!table)
		err(2, "memory");
	for (uint32_t i = 1; i <= blocks; i++) {
		uint32_t earlier = find_or_add(input.bytes, table, slots - 1, i);

		if (earlier != 0)
			errx(1, "block %u is block %u again", i, earlier);
	}
	printf("%zu blocks, all different\n", blocks);
	free(table);
	free(input.bytes);
	return 0;
}
