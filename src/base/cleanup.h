/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CLEANUP_H
#define CRNG_CLEANUP_H

/*
 * What to do when a deadly signal arrives, before it ends the program. A signal is deadly
 * if its default action is to end the program, real-time ones included, unless the C
 * library keeps it for itself (32 and 33 with glibc). A signal that the caller ignores
 * (nohup) stays ignored, and exec(2) undoes all of this. SIGKILL ends the program without
 * it.
 *
 * cleanup_file(): discards the file fd of that name in the directory dir (discard.h); fd
 * is -1 as long as there is none. The name must live until cleanup_file(-1, NULL, -1),
 * which ends it.
 *
 * cleanup_line(): calls clear, which must be safe in a signal handler; NULL ends it. Only
 * statusline.h uses this.
 */
void cleanup_file(int dir, const char *name, int fd);
void cleanup_line(void (*clear)(void));

/*
 * The kernel ignores signals with the default action for the first process of a PID
 * namespace, such as the entry point of a container. Where we are that process, makes
 * them end the program all the same, with the status 128 + signal.
 */
void cleanup_init(void);

#endif
