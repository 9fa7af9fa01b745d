/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HUMAN_H
#define CRNG_HUMAN_H

#include "status/render/layout.h"

/* The sections of the human form. */
void human_kernel(const struct layout *layout, const struct facts *facts);
void human_sources(const struct layout *layout, const struct facts *facts);
void human_seeds(const struct layout *layout, const struct facts *facts);
void human_waiters(const struct layout *layout, const struct facts *facts);
void human_environment(const struct layout *layout, const struct facts *facts);
void human_timeline(const struct layout *layout, const struct facts *facts);

/* Parts of sections: entropy_avail, and the events with their marks. */
void human_pool(const struct layout *layout, const struct facts *facts);
void human_events(const struct layout *layout, const struct facts *facts);

/* The mark of that kind of event on the boot timeline; ' ' for none. */
char human_event_mark(enum timeline_kind kind);

#endif
