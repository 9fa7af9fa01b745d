/* SPDX-License-Identifier: MIT */
/* What crng seed says of its steps, of a failure, and as JSON. */
#include "cmd-seed-report.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "base/message.h"
#include "base/text.h"
#include "cli.h"
#include "command.h"
#include "refusal.h"

enum { SCHEMA_VERSION = 1, LINE_MAX_BYTES = PATH_MAX + SEED_WHY_MAX };

/* The forecast of a dry run is its result, so it goes to standard output. */
static void say(const struct seed_voice *voice, const struct seed *seed, bool good,
		const char *line)
{
	if (seed->dry_run && voice->json)
		return;
	if (seed->dry_run) {
		char text[4 * LINE_MAX_BYTES];

		text_escape(text, sizeof(text), line, strlen(line));
		fprintf(io_out(), "%s\n", text);
	} else if (!good || !voice->quiet)
		message("%s", line);
}

static void say_machine(const struct seed_voice *voice, const struct seed *seed)
{
	static const char *const texts[] = {
		[MACHINE_NEW] = "no machine is recorded yet",
		[MACHINE_SAME] = "made on this machine",
		[MACHINE_OTHER] = "made on another machine",
		[MACHINE_UNKNOWN] = "whether this machine made it is unknown",
	};

	if (voice->verbose)
		message("%s: %s", cli_word(seed->path), texts[seed->found.match]);
}

void seed_report_load(const struct seed_voice *voice, const struct seed *seed)
{
	const struct seed_step *step = &seed->loaded;
	const char *verb = seed->dry_run ? "would load" : "loaded";
	char line[LINE_MAX_BYTES];

	if (!step->done) {
		snprintf(line, sizeof(line), "no seed yet in %s", seed->path);
		say(voice, seed, true, line);
		return;
	}
	say_machine(voice, seed);
	snprintf(line, sizeof(line), "%s %u bits, %s%s", verb, step->bits,
		 step->good ? "credited" : "not credited: ", step->why);
	say(voice, seed, step->good, line);
}

void seed_report_save(const struct seed_voice *voice, const struct seed *seed)
{
	static const char *const verbs[2][2] = { { "saved", "kept" },
						 { "would save", "would keep" } };
	const struct seed_step *step = &seed->saved;
	char line[LINE_MAX_BYTES];

	snprintf(line, sizeof(line), "%s %u bits, %screditable%s%s",
		 verbs[seed->dry_run][step->kept], step->bits, step->good ? "" : "not ",
		 step->why[0] ? ": " : "", step->why);
	say(voice, seed, step->good, line);
}

int seed_report_device(const struct seed *seed, int rc)
{
	if (refusal_report(rc, "loading a seed"))
		return STATUS_FAILURE;
	message("%s: %s", seed->what, text_error(-rc));
	message_hint("A seed is loaded through /dev/random or /dev/urandom. Nothing was "
		     "changed.\n");
	return STATUS_FAILURE;
}

/* What earlier steps have done is not undone. */
static void hint_rest(const struct seed *seed, const char *what)
{
	bool changed = seed->loaded.done || seed->saved.done;

	message_hint("%s%s", what,
		     changed ? "No new seed was saved.\n" : "No seed was changed.\n");
}

int seed_report_directory(const struct seed *seed, int rc)
{
	const char *path = cli_word(seed->path);

	if (seed->problem) {
		message("%s: %s", path, seed->problem);
		hint_rest(seed, "Use a directory (-d) that root owns, with mode 0700. ");
	} else if (rc == -ETIMEDOUT) {
		message("%s: another process has locked it for 10 s", path);
		hint_rest(seed, "'fuser -v' on the directory shows it. ");
	} else {
		message("%s: %s", path, text_error(-rc));
		hint_rest(seed, rc == -ENOENT
					? "The directory is made if its parent exists. "
					: "");
	}
	return STATUS_FAILURE;
}

static const char *file_error(int rc)
{
	if (rc == -ELOOP)
		return "it is a symbolic link";
	return rc == -EINVAL ? "it is not a regular file" : text_error(-rc);
}

int seed_report_failure(const struct seed *seed, int rc)
{
	bool in_place = seed->call && (strcmp(seed->call, "fsync") == 0 ||
				       strcmp(seed->call, "unlink") == 0);

	if (seed->loaded.done && !seed->saved.bits) {
		message_hint("A seed is credited only after its replacement is safe on "
			     "the disk.\n");
	} else if (seed->call && strcmp(seed->call, "RNDADDENTROPY") == 0) {
		message("the kernel did not take the seed: %s", text_error(-rc));
		message_hint("No seed was loaded; one is still on the disk.\n");
	} else if (seed->call && strcmp(seed->call, "read") == 0) {
		message("%s/%s: %s", seed->path, seed->what, file_error(rc));
		hint_rest(seed, rc == -ELOOP || rc == -EINVAL ? "Remove it. " : "");
	} else {
		message("%s/%s: %s%s%s", seed->path, seed->what,
			seed->call ? seed->call : "", seed->call ? ": " : "",
			text_error(-rc));
		message_hint("%s", in_place ? "The new seed may not be safe on the disk "
					      "yet.\n"
					    : "No new seed was saved.\n");
	}
	return STATUS_FAILURE;
}

static json_t *step_json(const struct seed_step *step, const char *good)
{
	return step->done ? json_pack("{s:i, s:b, s:s?}", "bits", (int)step->bits, good,
				      step->good, "why", step->why[0] ? step->why : NULL)
			  : json_null();
}

static const char *machine_word(const struct seed *seed)
{
	static const char *const words[] = {
		[MACHINE_NEW] = "new",
		[MACHINE_SAME] = "same",
		[MACHINE_OTHER] = "other",
		[MACHINE_UNKNOWN] = "unknown",
	};

	return seed->found.match == MACHINE_SAME && strcmp(seed->found.name, "none") == 0
		       ? "none"
		       : words[seed->found.match];
}

void seed_report_json(const struct seed *seed, bool failed, FILE *out)
{
	char path[4 * PATH_MAX];

	json_object_seed(1); /* by default jansson reads /dev/urandom */
	text_escape(path, sizeof(path), seed->path, strlen(seed->path));

	json_t *saved = step_json(&seed->saved, "creditable");
	json_t *root =
		json_pack("{s:i, s:b, s:s, s:o, s:o, s:s, s:o}", "schema_version",
			  SCHEMA_VERSION, "dry_run", seed->dry_run, "directory", path,
			  "loaded", step_json(&seed->loaded, "credited"), "saved", saved,
			  "machine", machine_word(seed), "next_boot_credited",
			  failed ? json_null() : json_boolean(seed->next_credited));

	if (json_is_object(saved))
		json_object_set_new(saved, "kept", json_boolean(seed->saved.kept));
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
