/* SPDX-License-Identifier: MIT */
/* "errors NAME..." prints the text of strerror(3) for each, one per line. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those that tests expect, and whose words differ between glibc and musl. */
static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EBUSY", EBUSY },
	{ "EIO", EIO },
	{ "ELOOP", ELOOP },
	{ "ENAMETOOLONG", ENAMETOOLONG },
};

static int number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(name, errors[i].name) == 0)
			return errors[i].number;
	errx(EXIT_FAILURE, "%s: not in the table of tests/tools/errors.c", name);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		puts(strerror(number_of(argv[i])));
	return EXIT_SUCCESS;
}
