/* SPDX-License-Identifier: MIT */
#ifndef CRNG_COMMAND_H
#define CRNG_COMMAND_H

/* The exit statuses: the same for all commands; their meaning never changes. */
enum exit_status {
	STATUS_OK = 0,		  /* ready, done */
	STATUS_NOT_READY = 1,	  /* the RNG is not ready now; seed: nor at next boot */
	STATUS_USAGE = 2,	  /* usage error */
	STATUS_FAILURE = 3,	  /* I/O or system error, or readiness undetermined */
	STATUS_EXPIRED = 124,	  /* the time given ran out, as timeout(1) */
	STATUS_OWN_FAILURE = 125, /* wait -- CMD: crng itself failed */
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
};

/* One command; its file shows nothing else to the others. */
struct command {
	const char *name;     /* "bytes" */
	const char *title;    /* "crng bytes" */
	const char *summary;  /* for the list of commands */
	const char *synopsis; /* what follows the title in the usage line */
	const char *help;     /* what it does, and examples */
	const char *operand;  /* the name of the first one; NULL: there is none */
	int operands_min, operands_max;

	/* Takes its arguments from argv[1] on; returns an enum exit_status. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_check;
extern const struct command command_wait;
extern const struct command command_bytes;
extern const struct command command_status;
extern const struct command command_reseed;
extern const struct command command_seed;

#endif
