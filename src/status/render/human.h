/* SPDX-License-Identifier: MIT */
#ifndef CRNG_HUMAN_H
#define CRNG_HUMAN_H

#include "status/render/chart.h"
#include "status/render/layout.h"

/* The parts of the human form, which show at most max elements of their list. */
void human_verdict(const struct layout *layout, const struct facts *facts);
void human_waiters(const struct layout *layout, const struct facts *facts, size_t max);
void human_timeline(const struct layout *layout, const struct facts *facts, size_t max);
void human_advice(const struct layout *layout, const struct facts *facts, size_t max);

/* What they rest on. */
void human_kernel(const struct layout *layout, const struct facts *facts);
void human_pool(const struct layout *layout, const struct facts *facts);
void human_sources(const struct layout *layout, const struct facts *facts);
void human_seeds(const struct layout *layout, const struct facts *facts);
void human_environment(const struct layout *layout, const struct facts *facts);

/* The number of pieces of advice that apply: warnings alone, or all. */
size_t human_advice_count(const struct facts *facts, bool verbose);

/* Brings the columns of the style into the range that the human form is made for. */
void human_fit(struct render_style *style);

/* The colour of a tone. */
enum layout_paint human_paint(enum chart_tone tone);

/* The picture of the boot, without its title. */
void human_chart(const struct layout *layout, const struct chart *chart);

#endif
