/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CHART_ROWS_H
#define CRNG_CHART_ROWS_H

#include "status/render/chart.h"

/* The rows of a chart whose axis has its end. Rows that find no room are left out. */
void chart_add_events(struct chart *chart, const struct facts *facts);
void chart_add_waiters(struct chart *chart, const struct facts *facts);

#endif
