/* SPDX-License-Identifier: MIT */
#ifndef CRNG_JSON_H
#define CRNG_JSON_H

#include <jansson.h>

#include "status/render/render.h"

/* Begins a document, with the versions, and writes one and frees it. */
json_t *render_json_begin(void);
void render_json_end(json_t *root, FILE *out);

/* The text, or null where it is NULL or empty. */
json_t *render_json_text(const char *text);

/* The lists of the JSON form; the caller owns what is returned. */
json_t *render_json_timeline(const struct facts *facts);
json_t *render_json_waiters(const struct waiters *waiters);
json_t *render_json_seeds(const struct seeds *seeds);
json_t *render_json_advice(const struct facts *facts);

#endif
