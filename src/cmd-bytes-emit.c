/* SPDX-License-Identifier: MIT */
/* The work of crng bytes: writes what was asked for, and reports what goes wrong. */
#include "cmd-bytes-emit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/statusline.h"
#include "bytes/keyfile.h"
#include "bytes/pump.h"
#include "bytes/records.h"
#include "cmd-bytes-keyfile.h"
#include "cmd-bytes-strength.h"
#include "command.h"
#include "expiry.h"
#include "notice.h"
#include "progress.h"

#define NOT_TOLD "without getrandom, readiness cannot be determined"

/*
 * The RNG is not ready; or that is unknown, and only /dev/random was empty. Where nobody
 * wants to read that, the exit status says it.
 */
static int report_not_ready(const struct stream *stream, bool expired, bool quiet)
{
	if (quiet && stream->trust != STREAM_UNPROVEN)
		return expired ? STATUS_EXPIRED : STATUS_NOT_READY;
	if (stream->trust != STREAM_UNPROVEN) {
		if (expired)
			expiry_report(&stream->wait);
		else
			message("the kernel RNG is not ready");
		return expired ? STATUS_EXPIRED : STATUS_NOT_READY;
	}
	if (expired)
		message("timed out: %s gave no bytes; " NOT_TOLD, stream->what);
	else
		message("undetermined: " NOT_TOLD ", and %s has no bytes to give now",
			stream->what);
	return expired ? STATUS_EXPIRED : STATUS_FAILURE;
}

static int open_stream(struct stream *stream, bool quiet)
{
	struct notice notice;

	if (!quiet)
		notice_begin(&notice, &stream->wait);

	int rc = stream_open(stream);

	stream->wait.notice = NULL;
	notice_end();
	if (rc == -EAGAIN || rc == -ETIMEDOUT)
		return report_not_ready(stream, rc == -ETIMEDOUT, quiet);
	if (rc != 0) {
		message("%s: %s", stream->what,
			rc == -ENODEV ? "not the kernel's random device" : strerror(-rc));
		return STATUS_FAILURE;
	}
	if (stream->trust == STREAM_NOT_READY)
		message("warning: the kernel RNG is not ready, so the bytes may be predictable");
	if (stream->trust == STREAM_UNPROVEN)
		message("warning: " NOT_TOLD ", so the bytes may be predictable");
	return STATUS_OK;
}

/*
 * Where SIGPIPE is ignored (systemd does that), ends like a program that it kills:
 * quietly, and with the status that a shell expects of a writer such as cat(1).
 */
static _Noreturn void end_by_sigpipe(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGPIPE);
	/* The first process of a PID namespace survives that. */
	_exit(128 + SIGPIPE);
}

/* Only the blocking pool can run dry; elsewhere these errors are like any other. */
static int report_stream(const struct stream *stream, int rc)
{
	if (stream->kind == RNG_RANDOM && (rc == -EAGAIN || rc == -ETIMEDOUT)) {
		message("the blocking pool ran dry; the output is incomplete");
		return rc == -EAGAIN ? STATUS_NOT_READY : STATUS_EXPIRED;
	}
	message("%s: %s", stream->what, strerror(-rc));
	return STATUS_FAILURE;
}

static int report_pump(const struct pump *pump, int rc, const char *where)
{
	if (rc == 0)
		return STATUS_OK;
	if (pump->stream_failed)
		return report_stream(&pump->job->stream, rc);
	if (rc == -EPIPE)
		end_by_sigpipe();
	message("%s: %s", where, strerror(-rc));
	return STATUS_FAILURE;
}

static enum progress_wish wish(const struct bytes_options *o)
{
	if (o->progress)
		return PROGRESS_ALWAYS;
	return o->quiet || (!o->output && isatty(STDOUT_FILENO)) ? PROGRESS_NONE
								 : PROGRESS_PATIENT;
}

static int write_bytes(struct bytes_options *o, int fd)
{
	int status = open_stream(&o->job.stream, o->quiet);

	if (status != STATUS_OK)
		return status;

	struct progress progress;
	bool shown = progress_start(&progress, wish(o), records_units(&o->job));
	struct pump pump = {
		.job = &o->job,
		.fd = fd,
		.on_progress = shown ? progress_update : NULL,
		.data = &progress,
	};
	int rc = pump_run(&pump);

	if (rc == 0)
		progress_end(&progress);
	statusline_end();
	return report_pump(&pump, rc, o->output ? o->output : "standard output");
}

static int write_file(struct bytes_options *o)
{
	struct keyfile keyfile;
	int rc = keyfile_open(&keyfile, o->output, o->mode, o->force);
	int status = bytes_report_keyfile(&keyfile, rc, o->output);

	if (status == STATUS_OK)
		status = write_bytes(o, keyfile.fd);
	if (status == STATUS_OK) {
		rc = keyfile_commit(&keyfile);
		status = bytes_report_keyfile(&keyfile, rc, o->output);
	}
	rc = keyfile_close(&keyfile);
	if (rc != 0)
		message("%.*s%s: %s cannot be removed: %s",
			(int)(keyfile.name - o->output), o->output, keyfile.temporary,
			keyfile.erased ? "was erased, but" : "HOLDS SECRET BYTES and",
			strerror(-rc));
	return status;
}

int bytes_emit(struct bytes_options *o)
{
	int status = o->output ? write_file(o) : write_bytes(o, STDOUT_FILENO);

	stream_close(&o->job.stream);
	if (status == STATUS_OK && o->verbose)
		bytes_say_strength(&o->job);
	return status;
}
