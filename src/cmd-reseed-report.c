/* SPDX-License-Identifier: MIT */
/* What crng reseed says: of a failure, and of a reseed as text and as JSON. */
#include "cmd-reseed-report.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/message.h"
#include "command.h"
#include "refusal.h"
#include "reseed/hwrng-read.h"

enum { SCHEMA_VERSION = 1 };

#define NOT_READY "the kernel RNG is not ready: it needs a seed, not a reseed"
#define WAIT_HINT \
	"Wait for it with 'crng wait'; 'crng status' says what it is waiting for.\n"

static const struct failure {
	enum reseed_step step;
	int error;
	int status;
	const char *what, *hint;
} failures[] = {
	{ RESEED_PROBE, EAGAIN, STATUS_NOT_READY, NOT_READY, WAIT_HINT },
	{ RESEED_FRESH, ENODATA, STATUS_FAILURE,
	  "nothing that a clone lacks went in: give --input, or attach a virtio-rng",
	  "Or accept that (--any): clones then differ by what can be guessed.\n" },
	{ RESEED_REKEY, ENODATA, STATUS_NOT_READY, NOT_READY, WAIT_HINT },
	{ RESEED_REKEY, EINVAL, STATUS_FAILURE,
	  "mixed, but not reseeded: RNDRESEEDCRNG came with Linux 4.17",
	  "This kernel reseeds only by itself, which can take 5 minutes or longer.\n" },
	{ RESEED_REKEY, ENOTTY, STATUS_FAILURE,
	  "mixed, but not reseeded: the device does not know RNDRESEEDCRNG",
	  "Before Linux 5.5, this takes a 64-bit crng on a 64-bit kernel.\n" },
	{ RESEED_PROOF, EPROTO, STATUS_FAILURE,
	  "not reseeded: the kernel accepted it, but its generation has not changed",
	  "Something, such as a sandbox, may have answered in the kernel's place.\n" },
	{ RESEED_PROOF, ESTALE, STATUS_FAILURE,
	  "the machine was cloned during each of several reseeds", "Run it again.\n" },
};

/* What failed in another way; NULL: the device. */
static const char *const steps[] = {
	[RESEED_PROBE] = "undetermined: getrandom",
	[RESEED_OPEN] = NULL,
	[RESEED_PERMISSION] = "RNDADDENTROPY",
	[RESEED_FRESH] = NULL,
	[RESEED_MIX] = "RNDADDENTROPY",
	[RESEED_REKEY] = "RNDRESEEDCRNG",
	[RESEED_PROOF] = NULL,
};

int reseed_report_failure(const struct reseed *reseed, int rc)
{
	if (reseed->step == RESEED_PERMISSION && refusal_report(rc, "a reseed"))
		return STATUS_FAILURE;
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		const struct failure *failure = &failures[i];

		if (failure->step != reseed->step || failure->error != -rc)
			continue;
		message("%s", failure->what);
		if (failure->hint)
			message_hint("%s", failure->hint);
		return failure->status;
	}
	message("%s: %s", steps[reseed->step] ? steps[reseed->step] : reseed->device,
		strerror(-rc));
	return STATUS_FAILURE;
}

void reseed_report_doubts(const struct reseed *reseed)
{
	const struct reseed_source *input = &reseed->sources[RESEED_INPUT];
	const struct reseed_source *hwrng = &reseed->sources[RESEED_HWRNG];

	if (input->unfit)
		message("the input does not count as fresh: %s", input->unfit);
	if (hwrng->unfit)
		message(HWRNG_PATH " does not count as fresh: %s", hwrng->unfit);
	if (reseed->step >= RESEED_REKEY && reseed->proof == RESEED_NOT_PROVED)
		message("not proved: up to Linux 5.18 the kernel may accept a reseed and "
			"do nothing");
}

/* Appends to the text, as far as there is room. */
__attribute__((format(printf, 2, 3))) static void append(char line[RESEED_LINE_MAX],
							 const char *format, ...)
{
	size_t len = strlen(line);
	va_list args;

	va_start(args, format);
	vsnprintf(line + len, RESEED_LINE_MAX - len, format, args);
	va_end(args);
}

static void append_proof(char line[RESEED_LINE_MAX], const struct reseed *reseed)
{
	switch (reseed->proof) {
	case RESEED_BY_GENERATION:
		append(line, "generation %" PRIu64 " -> %" PRIu64, reseed->before,
		       reseed->after);
		break;
	case RESEED_BY_IOCTL:
		append(line, "confirmed by the kernel; its generation cannot be seen");
		break;
	case RESEED_NOT_PROVED:
		append(line, "accepted by the kernel, not proved");
		break;
	}
}

void reseed_report_line(const struct reseed *reseed, char line[RESEED_LINE_MAX])
{
	const char *separator = "";

	line[0] = '\0';
	append(line, "reseeded (");
	append_proof(line, reseed);
	append(line, "): ");
	for (size_t i = 0; i < RESEED_SOURCES; i++) {
		const struct reseed_source *source = &reseed->sources[i];

		if (!source->fresh)
			continue;
		append(line, "%s", separator);
		if (i == RESEED_CPU)
			append(line, "CPU instruction");
		else
			append(line, "%zu bytes of %s", source->bytes, source->name);
		separator = ", ";
	}
	if (!*separator)
		append(line, "nothing that a clone lacks");
}

/* Many readers of JSON cannot hold a number above INT64_MAX, so it becomes null. */
static json_t *number_or_null(bool known, uint64_t number)
{
	return known && number <= INT64_MAX ? json_integer((json_int_t)number)
					    : json_null();
}

static json_t *sources_json(const struct reseed *reseed)
{
	json_t *list = json_array();

	for (size_t i = 0; i < RESEED_SOURCES; i++) {
		const struct reseed_source *source = &reseed->sources[i];

		if (!source->name[0])
			continue;
		json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:b, s:s?}", "name", source->name, "bytes",
				  number_or_null(i != RESEED_CPU, source->bytes), "fresh",
				  source->fresh, "unfit_because", source->unfit));
	}
	return list;
}

void reseed_report_json(const struct reseed *reseed, FILE *out)
{
	static const char *const proofs[] = {
		[RESEED_NOT_PROVED] = "none",
		[RESEED_BY_IOCTL] = "ioctl",
		[RESEED_BY_GENERATION] = "generation",
	};
	static const char *const not_covered[] = {
		"generators inside running processes",
		"WireGuard sessions",
		"machine-id",
		"boot_id",
		"SSH host keys",
	};
	bool counted = reseed->proof == RESEED_BY_GENERATION;
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(not_covered) / sizeof(*not_covered); i++)
		json_array_append_new(list, json_string(not_covered[i]));
	json_object_seed(1); /* by default jansson reads /dev/urandom */

	json_t *root =
		json_pack("{s:i, s:b, s:s, s:o, s:o, s:o, s:o, s:o}", "schema_version",
			  SCHEMA_VERSION, "reseeded", 1, "proof", proofs[reseed->proof],
			  "generation_before", number_or_null(counted, reseed->before),
			  "generation_after", number_or_null(counted, reseed->after),
			  "sources", sources_json(reseed), "vm_generation",
			  number_or_null(reseed->vm_counts, reseed->vm_generation),
			  "not_covered", list);

	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
