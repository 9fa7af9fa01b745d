/* SPDX-License-Identifier: MIT */
/* A password does not show how strong it is, so that crng bytes -v says it. */
#include "cmd-bytes-strength.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/message.h"
#include "base/number.h"
#include "bytes/records.h"

/* The RNG has a key of that many bits, and nothing that comes from it is stronger. */
enum { KEY_BITS = 256 };

/* "119.0 bits": rounded down, and without ".0" where that is exact. */
static const char *bits_text(char *text, size_t size, double bits)
{
	bool fraction = bits < 1e14 && bits > (double)(uint64_t)bits;

	snprintf(text, size, "%.*f bit%s", fraction,
		 fraction ? (double)(uint64_t)(bits * 10) / 10 : bits,
		 bits > 1 || bits < 1 ? "s" : "");
	return text;
}

/* "20 characters from a set of 62" */
static const char *record_name(char *text, size_t size, const struct job *job)
{
	const char *plural = job->count == 1 ? "" : "s";

	if (job->drawn)
		snprintf(text, size, "%" PRIu64 " character%s from a set of %u",
			 job->count, plural, job->chars.size);
	else
		snprintf(text, size, "%" PRIu64 " byte%s", job->count, plural);
	return text;
}

void bytes_say_strength(const struct job *job)
{
	double each = (double)job->count * (job->drawn ? chars_bits(&job->chars) : 8);
	char name[80], one[32], all[32];

	if (job->stream.trust != STREAM_READY || records_units(job) == SIZE_INFINITY)
		return;
	record_name(name, sizeof(name), job);
	bits_text(one, sizeof(one), each < KEY_BITS ? each : KEY_BITS);
	bits_text(all, sizeof(all), each * (double)job->repeat);
	if (job->repeat != 1)
		message("%" PRIu64 " texts of %s: each %s strong, %s in total",
			job->repeat, name, one, all);
	else
		message("%s: %s strong%s", name, one,
			each > KEY_BITS ? ", as strong as the kernel's RNG" : "");
}
