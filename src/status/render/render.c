/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include "status/render/render.h"

#include <string.h>

const struct renderer renderers[] = {
	{ "human", "for people", render_human },
	{ "json", "for programs", render_json },
	{ "shell", "for eval", render_shell },
	{ "prometheus", "for the textfile collector", render_prometheus },
	{ NULL, NULL, NULL },
};

const struct renderer *renderer_find(const char *name)
{
	const struct renderer *renderer = renderers;

	while (renderer->name && strcmp(renderer->name, name) != 0)
		renderer++;
	return renderer->name ? renderer : NULL;
}
