/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ASK_H
#define CRNG_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Questions that may never be answered: to a file server, to a program, about the memory
 * of another process. A process that was started by aside.h declares here what it asks,
 * so that its parent knows what it hangs on. In any other process all of this does
 * nothing.
 */

enum { ASK_NAME_MAX = 192, ASK_SILENT_MAX = 24 };

/* Shared by the process that asks and the one that watches it. */
struct ask_channel {
	uint32_t steps;		 /* grows with each question and each answer */
	uint32_t napping;	 /* it sleeps on purpose */
	uint32_t done;		 /* it has done all of its work */
	pid_t program;		 /* that it waits for; 0: none */
	char whom[ASK_NAME_MAX]; /* what is being asked; "": nothing */
};

/* From now on this process, which has just been forked, reports to the zeroed channel. */
void ask_report_to(struct ask_channel *channel);

/*
 * Begins a question. Returns false if whom has failed to answer before: it must not be
 * asked again, and there is no question to end. A question within another is a part of
 * it.
 */
bool ask_begin(const char *whom);
void ask_end(void);

/* Until ask_end() the answer comes from a program that runs as the process pid. */
void ask_program(pid_t pid);

/* Sleeps for ns nanoseconds, which does not count as a hang. */
void ask_nap(int64_t ns);

/*
 * Remembers, for all processes that are forked later, that neither whom nor anything
 * below that path answers, and which process hangs on it (0: none). Returns false where
 * there is no room for more.
 */
bool ask_refuse(const char *whom, pid_t hanging);

/* Forgets those that no process hangs on any more, and reaps such a process. */
void ask_forget(void);

/* The process that watches this one; 0: none. */
pid_t ask_watcher(void);

/* How many are known not to answer. */
size_t ask_silent(void);

#endif
