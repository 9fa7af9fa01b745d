/* SPDX-License-Identifier: MIT */
#ifndef CRNG_STATUSLINE_H
#define CRNG_STATUSLINE_H

#include <stdbool.h>

#include "base/deadline.h"

/* A line that nobody asked for appears only once something has taken this long. */
#define STATUSLINE_PATIENCE_NS (2 * NS_PER_S)

/* Is standard error a terminal that can redraw a line? TERM=dumb cannot. */
bool statusline_possible(void);

/*
 * Shows "PREFIX: TEXT" (message.h) on standard error, in a line that the next call
 * overwrites and statusline_end() clears, or a deadly signal before it ends the program
 * (cleanup.h). Only for a terminal; the text is cut to its width. Nothing is drawn or
 * cleared where that would block, or stop a job in the background (stty tostop).
 */
void statusline_show(const char *text);

/* Clears the line, if one was shown. */
void statusline_end(void);

#endif
