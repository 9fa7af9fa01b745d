/* SPDX-License-Identifier: MIT */
/* The version of crng, and what it was built with. */
#include "version.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "bytes/chacha.h"
#include "command.h"
#include "rng/vdso.h"

static const struct {
	const char *word;
	bool asks, verbose;
} words[] = {
	{ "--version", true, false }, { "-V", true, false }, { "version", true, false },
	{ "--verbose", false, true }, { "-v", false, true }, { "-Vv", true, true },
	{ "-vV", true, true },
};

static bool take(const char *word, bool *asked, bool *verbose)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word) == 0) {
			*asked |= words[i].asks;
			*verbose |= words[i].verbose;
			return true;
		}
	}
	return false;
}

int version_words(int argc, char **argv, bool *verbose)
{
	bool asked = false;
	int i = 1;

	*verbose = false;
	while (i < argc && take(argv[i], &asked, verbose))
		i++;
	return asked ? i - 1 : 0;
}

/* Only glibc tells its version at run time. */
static void print_libc(FILE *out)
{
	char text[64];
	size_t len = confstr(_CS_GNU_LIBC_VERSION, text, sizeof(text));

	fprintf(out, "  libc       %s\n", len > 0 ? text : "not glibc");
}

int version_print(bool verbose)
{
	FILE *out = io_out();

	fputs("crng " PACKAGE_VERSION "\n", out);
	if (!verbose)
		return STATUS_OK;
	fputs("  linking    " BUILT_LINKAGE "\n", out);
	print_libc(out);
	fputs("  popt       " BUILT_POPT " (at build time)\n", out);
	fprintf(out, "  libsodium  %s\n", chacha_library_version());
	fputs("  jansson    " BUILT_JANSSON " (at build time)\n", out);
	fprintf(out, "  vDSO       %s getrandom()\n",
		vdso_has_getrandom() ? "has" : "has no");
	return STATUS_OK;
}
